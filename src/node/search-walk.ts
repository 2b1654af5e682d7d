import { readFileSync, statSync } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { messageOf, ToolError } from '../core/errors';
import type { GrepLine, GrepQuery } from '../core/ports/search';
import { throwIfAborted } from './abort';
import { errnoOf } from './errno';
import { clipAround, collectHits, type Hits } from './search-lines';
import { decodeText } from './text-file';
import { walk } from './walk';

/** Above this a file is left out here: without ripgrep it would have to be held whole. */
const MAX_BYTES = 50 * 1024 * 1024;
/** How long the process is kept from other work. Source files are so small that waiting for each costs far more than reading it. */
const SLICE_MS = 8;

/** The same search without ripgrep. */
export async function walkSearch(query: GrepQuery, isFile: boolean, wanted: (path: string) => boolean, signal: AbortSignal): Promise<Hits> {
  const pattern = compile(query);
  const collected = collectHits(query);
  const paths = isFile ? [query.path] : walk(query.path, signal);
  let since = performance.now();
  for await (const path of paths) {
    if (!wanted(path)) continue;
    if (performance.now() - since > SLICE_MS) {
      await breathe();
      throwIfAborted(signal);
      since = performance.now();
    }
    const text = textOf(path);
    if (text !== undefined && !search(text, pattern, path, query).every((line) => collected.add(line))) break;
  }
  return collected.hits();
}

function textOf(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile() || stats.size > MAX_BYTES) return undefined;
    return decodeText(readFileSync(path))?.text;
  } catch (error) {
    if (['ENOENT', 'EACCES', 'EPERM'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** @throws ToolError on a pattern that is no regular expression. */
function compile(query: GrepQuery): RegExp {
  const [, inline = ''] = /^\(\?([imsu]+)\)/.exec(query.literal ? '' : query.pattern) ?? [];
  const source = query.literal
    ? query.pattern.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    : query.pattern.slice(inline ? inline.length + 3 : 0);
  const flags = `gmu${query.ignoreCase || inline.includes('i') ? 'i' : ''}${inline.includes('s') ? 's' : ''}`;
  const attempts = [flags, flags.replace('u', '')].map((some) => tryCompile(source, some));
  const found = attempts.find((attempt) => attempt instanceof RegExp);
  if (found instanceof RegExp) return found;
  throw new ToolError(
    `The pattern cannot be used: ${messageOf(attempts[0])}`,
    'Correct the regular expression, or search for the text literally.',
  );
}

function tryCompile(source: string, flags: string): RegExp | SyntaxError {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

function search(text: string, pattern: RegExp, path: string, query: GrepQuery): GrepLine[] {
  const rows = text.split(/\r?\n/);
  if (rows.at(-1) === '') rows.pop();
  const hits = query.multiline ? hitsAcross(text.replaceAll('\r\n', '\n'), pattern) : hitsByLine(rows, pattern);
  const shown = new Set<number>();
  for (const at of hits.keys()) for (let i = at - query.before; i <= at + query.after; i++) if (i >= 0 && i < rows.length) shown.add(i);
  return [...shown]
    .sort((a, b) => a - b)
    .map((i) => ({ path, line: i + 1, text: clipAround(rows[i] ?? '', hits.get(i) ?? 0), match: hits.has(i) }));
}

/** Matching lines (from 0) and the column of their first match. */
function hitsByLine(rows: readonly string[], pattern: RegExp): Map<number, number> {
  const hits = new Map<number, number>();
  rows.forEach((row, i) => {
    pattern.lastIndex = 0;
    const match = pattern.exec(row);
    if (match) hits.set(i, match.index);
  });
  return hits;
}

function hitsAcross(text: string, pattern: RegExp): Map<number, number> {
  const hits = new Map<number, number>();
  let line = 0;
  let lineStart = 0;
  for (const match of text.matchAll(pattern)) {
    for (let next = text.indexOf('\n', lineStart); next !== -1 && next < match.index; next = text.indexOf('\n', lineStart)) {
      line++;
      lineStart = next + 1;
    }
    const height = (match[0].replace(/\n$/, '').match(/\n/g) ?? []).length;
    for (let i = 0; i <= height; i++) if (!hits.has(line + i)) hits.set(line + i, i === 0 ? match.index - lineStart : 0);
  }
  return hits;
}
