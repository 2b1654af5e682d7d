import { invalid } from './errors';
import { blocksIn, isObject, type JsonObject } from './json';
import { cacheable, layout, ttlOf } from './prompt';
import type { WireRequest } from './request';

const MOST = 4;

/** How many cache breakpoints there are, and in which order. @throws WireError 400 */
export function checkCacheMarks(request: WireRequest): void {
  const marks = [
    ...request.tools.map((tool, index) => markOf(tool, `tools.${index}`)),
    ...request.system.map((block, index) => markOf(block, `system.${index}`)),
    ...request.turns.flatMap((turn) => turn.content.flatMap((block, index) => allMarks(block, turn.paths[index] ?? ''))),
  ].filter((mark) => mark !== undefined);

  const automatic = isObject(request.params.cache_control) ? (ttlOf(request.params) ?? '5m') : undefined;
  const last = automatic ? lastCacheable(request) : undefined;
  if (last?.ttl && automatic && last.ttl !== automatic) {
    throw invalid(`cache_control: the last cacheable block has cache_control with ttl='${last.ttl}' already, not ttl='${automatic}'`);
  }
  const count = marks.length + (last && !last.ttl ? 1 : 0);
  if (count > MOST) throw invalid(`A maximum of ${MOST} blocks with cache_control may be provided. Found ${count}.`);

  const all = last && !last.ttl && automatic ? [...marks, { path: last.path, ttl: automatic }] : marks;
  const firstShort = all.findIndex((mark) => mark.ttl === '5m');
  const late = firstShort < 0 ? undefined : all.slice(firstShort).find((mark) => mark.ttl === '1h');
  if (late) {
    throw invalid(
      `${late.path}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. ` +
        'Note that blocks are processed in the following order: `tools`, `system`, `messages`.',
    );
  }
}

function lastCacheable(request: WireRequest) {
  const { cache_control: _, ...params } = request.params;
  return layout({ ...request, params }).findLast(cacheable);
}

function allMarks(block: JsonObject, path: string) {
  const inner = blocksIn(block.content).map((part, index) => markOf(part, `${path}.content.${index}`));
  return [...inner, markOf(block, path)];
}

function markOf(block: JsonObject, path: string) {
  return isObject(block.cache_control) ? { path, ttl: block.cache_control.ttl === '1h' ? ('1h' as const) : ('5m' as const) } : undefined;
}
