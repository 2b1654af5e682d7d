import { namedLines } from './lines';
import { describeMiss } from './near-miss';

/** One exact replacement, as the model writes it. */
export type TextEdit = { readonly old_text: string; readonly new_text: string; readonly all?: boolean };
export type EditResult = { readonly text: string; readonly replacements: number };
/** Why nothing was changed, and what to do about it. */
export type EditProblem = { readonly problem: string; readonly next: string };

/**
 * Applies every edit in order, each to the text that the edits before it left, or none at all. `old_text` must occur
 * exactly once unless `all` is set. Line endings match whatever they are (`\n` finds `\r\n`), and new lines take the
 * ending of the place they go to; not one character outside of what differs is touched.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): EditResult | EditProblem {
  let current = text;
  let replacements = 0;
  for (const [i, edit] of edits.entries()) {
    const result = applyOne(current, edit, text, i);
    if ('problem' in result) {
      const gap = result.problem.includes('\n') ? '\n' : ' ';
      return { problem: `${label(i, edits.length)}${result.problem}${gap}Nothing was changed.`, next: result.next };
    }
    current = result.text;
    replacements += result.replacements;
  }
  if (current === text) {
    return { problem: 'The edits cancel each other out. Nothing was changed.', next: 'Send only the edits that are wanted.' };
  }
  return { text: current, replacements };
}

function label(index: number, total: number): string {
  return total === 1 ? '' : `Edit ${index + 1} of ${total}: `;
}

function applyOne(text: string, edit: TextEdit, original: string, index: number): EditResult | EditProblem {
  const oldText = normal(edit.old_text);
  const newText = edit.new_text.replaceAll('\r\n', '\n');
  if (oldText === newText) {
    return { problem: 'old_text and new_text are the same.', next: 'Leave this edit out, or send the new_text that you want.' };
  }
  const place = view(text);
  if (oldText === '') return fill(text, newText, place.text);

  const hits = occurrences(place.text, oldText);
  const [first] = hits;
  if (first === undefined) return notFound(place.text, oldText, newText, original, index);
  if (hits.length > 1 && !edit.all) {
    return {
      problem: `old_text occurs ${hits.length} times, at ${describeLines(place.text, hits)}.`,
      next: 'Add neighbouring lines to old_text so that it fits one place only, or set all: true to replace every one.',
    };
  }
  const chosen = apart(hits, oldText.length);
  let result = '';
  let done = 0;
  for (const at of chosen) {
    const from = place.at(at);
    const to = place.at(at + oldText.length);
    result += text.slice(done, from) + replacement(text, from, to, oldText, newText);
    done = to;
  }
  return { text: result + text.slice(done), replacements: chosen.length };
}

/** An empty `old_text` stands for the whole of an empty file, and for nothing else. */
function fill(text: string, newText: string, plain: string): EditResult | EditProblem {
  if (plain === '' || plain === '\uFEFF') return { text: text + newText, replacements: 1 };
  return {
    problem: 'old_text is empty, but the file is not.',
    next: 'Quote the lines next to which the new text goes and repeat them in new_text; to replace the whole file use write_file.',
  };
}

function notFound(text: string, oldText: string, newText: string, original: string, index: number): EditProblem {
  if (index > 0 && normal(original).includes(oldText)) {
    return {
      problem: 'old_text was in the file, but an earlier edit of this call changed that place.',
      next: 'Each edit sees the text as the edits before it left it: join edits that overlap into one, and send all of them again.',
    };
  }
  const again = newText.trim().length > 3 ? text.indexOf(newText) : -1;
  if (again >= 0) {
    return {
      problem: `old_text is not in the file, but new_text is, at line ${lineNumber(text, again)}: this edit may have been made before.`,
      next: 'Leave this edit out if that is what you want, or read the file again.',
    };
  }
  return describeMiss(text, oldText);
}

/** Position of every match, overlapping ones too: those make a place ambiguous as well. */
function occurrences(text: string, part: string): number[] {
  const hits: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) hits.push(at);
  return hits;
}

function apart(hits: readonly number[], length: number): number[] {
  let free = 0;
  return hits.filter((at) => {
    if (at < free) return false;
    free = at + length;
    return true;
  });
}

const normal = (text: string) => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);

/** The text with plain line endings, and the way back to positions in the text itself. */
function view(text: string): { readonly text: string; at(index: number): number } {
  if (!text.includes('\r\n')) return { text: normal(text), at: (index) => index };
  const wide: number[] = [];
  for (let at = text.indexOf('\r\n'); at >= 0; at = text.indexOf('\r\n', at + 2)) wide.push(at - wide.length);
  return { text: normal(text), at: (index) => index + countBelow(wide, index) };
}

/** How many of the ascending `values` are below `limit`. */
function countBelow(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The matched stretch of the text with only what differs exchanged, so that endings that stay are not rewritten. */
function replacement(text: string, from: number, to: number, oldText: string, newText: string): string {
  const most = Math.min(oldText.length, newText.length);
  let head = 0;
  while (head < most && oldText[head] === newText[head]) head++;
  let tail = 0;
  while (tail < most - head && oldText[oldText.length - 1 - tail] === newText[newText.length - 1 - tail]) tail++;
  const matched = view(text.slice(from, to));
  const headEnd = from + matched.at(head);
  const tailStart = from + matched.at(oldText.length - tail);
  const endings = text.slice(headEnd, tailStart).match(/\r\n|\r|\n/g) ?? [];
  const spare = endings.at(-1) ?? endingAt(text, from, headEnd, to);
  let i = 0;
  const middle = newText.slice(head, newText.length - tail).replace(/\n/g, () => endings[i++] ?? spare);
  return text.slice(from, headEnd) + middle + text.slice(tailStart, to);
}

/** The ending that a line put at `at` takes: of the matched lines, else of its own line, else of the line before. */
function endingAt(text: string, from: number, at: number, to: number): string {
  const inside =
    text
      .slice(from, at)
      .match(/\r\n|\r|\n/g)
      ?.at(-1) ?? /\r\n|\r|\n/.exec(text.slice(at, to))?.[0];
  if (inside) return inside;
  const next = /\r\n|\r|\n/g;
  next.lastIndex = to;
  const after = next.exec(text)?.[0];
  if (after) return after;
  const before = Math.max(text.lastIndexOf('\n', from - 1), text.lastIndexOf('\r', from - 1));
  if (before < 0 || from === 0) return '\n';
  if (text[before] === '\r') return '\r';
  return text[before - 1] === '\r' ? '\r\n' : '\n';
}

function describeLines(text: string, hits: readonly number[]): string {
  const lines = [...new Set(hits.slice(0, 10).map((at) => lineNumber(text, at)))];
  return `${namedLines(lines)}${hits.length > 10 ? ' and further down' : ''}`;
}

function lineNumber(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}
