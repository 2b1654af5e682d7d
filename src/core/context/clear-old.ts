import type { AgentEvent, EventOf } from '../../protocol/events';
import type { ModelProfile } from '../ports';
import type { RunContext } from '../run-context';
import { evictable, evictionOf } from './evict';
import type { History } from './history';
import { textLength } from './spill';
import { isHidden } from './view';

/** After this long without a request nothing of the conversation can still be in the service's cache [C5]. */
const COLD_MS = 60 * 60_000;
/** The newest results stay. */
const KEPT = 5;
/** Shorter ones are no longer than the line that would stand in their place. */
const WORTH_CHARS = 100;
/** Read, and more, in one tool: what they print can be had again. */
const ALSO = new Set(['shell', 'symbols']);

/**
 * Takes old results of reads, searches and commands out of the context, where that is free: the next request is read
 * from no cache anyway. One event, so that a resumed session sends the same.
 */
export function clearOld(run: RunContext, history: History, events: readonly AgentEvent[], profile: ModelProfile): void {
  const { requested } = run.state();
  if (requested === null || run.ports.clock.now() - requested.at <= COLD_MS) return;
  const said = events.filter((e) => !isHidden(history.view(), e.seq));
  const results = evictable(said, history.view()).filter((e) => isClearable(e, run));
  const old = results.slice(0, -KEPT).filter((e) => textLength(e.output) > WORTH_CHARS);
  if (old.length > 0) run.emit(evictionOf(old, 'idle', profile));
}

function isClearable({ tool: name }: EventOf<'tool_finished'>, run: RunContext): boolean {
  const safety = run.pool.tools.get(name)?.safety;
  return (safety?.readOnly === true && safety.concurrencySafe) || ALSO.has(name);
}
