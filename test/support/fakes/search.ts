import { ToolError } from '../../../src/core/errors';
import type { GrepLine, Search } from '../../../src/core/ports/search';
import type { FakeDocuments } from './documents';

/** Search over documents in memory, with JavaScript's own regular expressions. */
export function fakeSearch(documents: FakeDocuments): Search {
  const under = (folder: string) => [...documents.disk.keys()].filter((path) => path === folder || path.startsWith(`${folder}/`)).sort();
  return {
    async grep(query, signal) {
      signal.throwIfAborted();
      let pattern: RegExp;
      try {
        const source = query.literal ? query.pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : query.pattern;
        pattern = new RegExp(source, `${query.ignoreCase ? 'i' : ''}u`);
      } catch {
        throw new ToolError(`${query.pattern} is not a regular expression.`, 'Escape it, or set literal: true.');
      }
      const lines: GrepLine[] = [];
      let hits = 0;
      for (const path of under(query.path)) {
        if (query.glob && !globPattern(query.glob).test(path.slice(path.lastIndexOf('/') + 1))) continue;
        const text = documents.text(path)?.split('\n') ?? [];
        const shown = new Map<number, boolean>();
        for (const [i, line] of text.entries()) {
          if (!pattern.test(line)) continue;
          if (hits === query.limit) return { lines: lines.concat(rows(path, text, shown)), more: true };
          hits++;
          for (let k = Math.max(0, i - query.before); k <= Math.min(text.length - 1, i + query.after); k++) {
            shown.set(k, k === i || shown.get(k) === true);
          }
        }
        lines.push(...rows(path, text, shown));
      }
      return { lines, more: false };
    },
    async glob(pattern, folder, limit, signal) {
      signal.throwIfAborted();
      const wanted = globPattern(pattern);
      const paths = under(folder).filter((path) => wanted.test(path.slice(folder.length + 1)));
      return { paths: paths.slice(0, limit), more: paths.length > limit };
    },
  };
}

function rows(path: string, text: readonly string[], shown: ReadonlyMap<number, boolean>): GrepLine[] {
  return [...shown].sort(([a], [b]) => a - b).map(([i, match]) => ({ path, line: i + 1, text: text[i] ?? '', match }));
}

function globPattern(glob: string): RegExp {
  const source = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*\*\/|\*/g, (stars) => (stars === '*' ? '[^/]*' : '(?:.*/)?'));
  return new RegExp(`^${source}$`);
}
