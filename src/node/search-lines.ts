import type { GrepLine, GrepQuery } from '../core/ports/search';

/** Longest piece of a line that is kept: generated files have lines of megabytes. */
const MAX_LINE = 2_000;
const LEAD = 200;

export type Hits = { readonly lines: readonly GrepLine[]; readonly more: boolean };

/** Collects lines up to the query's limit of matches; `add` says false once one more was offered than it takes. */
export function collectHits(query: Pick<GrepQuery, 'limit' | 'after'>): { add(line: GrepLine): boolean; hits(): Hits } {
  const lines: GrepLine[] = [];
  let matches = 0;
  let more = false;
  return {
    add(line) {
      if (line.match && matches >= query.limit) {
        more = true;
        return false;
      }
      if (line.match) matches++;
      lines.push(line);
      return true;
    },
    hits() {
      return { lines: more ? withoutStray(lines, query.after) : lines, more };
    },
  };
}

/** Drops the context in front of the match that was one too many. */
function withoutStray(lines: readonly GrepLine[], after: number): readonly GrepLine[] {
  const last = lines.findLast((line) => line.match);
  if (!last) return [];
  const end = lines.lastIndexOf(last);
  return lines.filter((line, i) => i <= end || (line.path === last.path && line.line <= last.line + after));
}

/** The line without its end; of a very long one the part around column `at`. */
export function clipAround(line: string, at: number): string {
  const text = line.replace(/\r?\n?$/, '');
  if (text.length <= MAX_LINE) return text;
  const from = Math.max(0, Math.min(at - LEAD, text.length - MAX_LINE));
  const to = from + MAX_LINE;
  const part = text.slice(from, to).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
  return `${from > 0 ? '…' : ''}${part}${to < text.length ? '…' : ''}`;
}
