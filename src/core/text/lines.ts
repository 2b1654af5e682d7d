/** A line ends at `\r\n`, `\n` or a lone `\r`, as in the editor; an ending at the end of the text starts no further line. */
const LINE = /[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g;
const ENDING = /\r\n|\r|\n/;
const ENDINGS = /\r\n|\r|\n/g;

/** Longest line that is shown whole; what follows is generated or minified text. */
const MAX_LINE_CHARS = 2_000;

/** Lines with their endings; joined they are the text again. */
export function linesOf(text: string): string[] {
  return text.match(LINE) ?? [];
}

/** Lines without their endings. */
export function splitLines(text: string): string[] {
  const lines = text.split(ENDING);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The line ending that most lines have; undefined for text of one line. */
export function mainEnding(text: string): string | undefined {
  const counts = new Map<string, number>();
  for (const ending of text.match(ENDINGS) ?? []) counts.set(ending, (counts.get(ending) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** The same text with every line ending replaced by `ending`. */
export function withEnding(text: string, ending: string): string {
  return text.replace(ENDINGS, ending);
}

/** True when two texts differ in their line endings at most. */
export function sameText(a: string, b: string): boolean {
  return a === b || withEnding(a, '\n') === withEnding(b, '\n');
}

/** Cuts one overlong line and says how long it is. */
export function clipLine(line: string, max = MAX_LINE_CHARS): string {
  if (line.length <= max) return line;
  return `${line.slice(0, safeCut(line, max))} [line cut: ${line.length} characters in all]`;
}

/** The largest cut at or before `at` that does not part a surrogate pair. */
export function safeCut(text: string, at: number): number {
  const code = text.charCodeAt(at - 1);
  return code >= 0xd800 && code <= 0xdbff ? at - 1 : at;
}

/** `12<tab>text` for each line, `first` being the number of the first one. */
export function numberLines(lines: readonly string[], first: number, maxLine = MAX_LINE_CHARS): string {
  return lines.map((line, i) => `${first + i}\t${clipLine(line, maxLine)}`).join('\n');
}

/** `3, 7-9 and 12`: line numbers in order, neighbours joined, at most `most` ranges. */
export function lineList(numbers: readonly number[], most = 10): string {
  const ranges: [number, number][] = [];
  for (const n of numbers) {
    const last = ranges.at(-1);
    if (last && n <= last[1] + 1) last[1] = Math.max(last[1], n);
    else ranges.push([n, n]);
  }
  const words = ranges.slice(0, most).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  if (ranges.length > most) return `${words.join(', ')} and more`;
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `line 3`, `lines 3-5`, `lines 3 and 9`. */
export function namedLines(numbers: readonly number[], most = 10): string {
  return `${new Set(numbers).size === 1 ? 'line' : 'lines'} ${lineList(numbers, most)}`;
}

/** `1 line`, `2 lines`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}
