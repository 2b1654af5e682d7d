import { clipLine, numberLines, splitLines } from './lines';
import { closestLines, looseMatch, type Region } from './loose-match';

/**
 * Text that should have been in a file and is not: says what comes closest, where, and what differs, so that the next
 * attempt is right. `text` and `wanted` have plain `\n` endings.
 */
export function describeMiss(text: string, wanted: string): { readonly problem: string; readonly next: string } {
  const missing = 'old_text is not in the file.';
  if (text.trim() === '') return { problem: `${missing} The file is empty.`, next: 'Use write_file to give it content.' };
  const mistake = knownMistake(text, wanted);
  if (mistake) return { problem: `${missing} ${mistake.what}`, next: mistake.next };

  const loose = looseMatch(text, wanted);
  if (loose) {
    return {
      problem: `${missing} It differs from ${where(loose)} in ${differences(text, loose, wanted)}:\n${show(text, loose, wanted)}`,
      next: COPY,
    };
  }
  const similar = closestLines(text, wanted);
  if (similar) return { problem: `${missing} The closest place is ${where(similar)}:\n${show(text, similar, wanted)}`, next: COPY };
  return {
    problem: `${missing} Nothing in it looks like old_text.`,
    next: 'Check that this is the right file, and read it with read_file or find the place with grep.',
  };
}

const COPY =
  'Copy old_text exactly from the file (without line numbers and with its own spaces and tabs) and send all edits of this call again.';

const MAX_SHOWN = 20;

type Mistake = { readonly what: string; readonly next: string };

/** Ways in which a quoted text goes wrong that can be told with certainty. */
function knownMistake(text: string, wanted: string): Mistake | undefined {
  const unnumbered = wanted.replace(/^[ ]*\d+(?:\t|: ?|\u2192)/gm, '');
  if (unnumbered !== wanted && unnumbered.trim() !== '' && text.includes(unnumbered)) {
    return { what: 'It holds the line numbers that read_file puts before each line.', next: 'Send it again without the line numbers.' };
  }
  const unescaped = wanted.replace(/\\([nt"'`\\/])/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c));
  if (unescaped !== wanted && text.includes(unescaped)) {
    return {
      what: 'It is escaped once too often: it holds a backslash where the file has the character itself.',
      next: 'Send it again with one level of escaping less, in new_text as well.',
    };
  }
  const unentitied = wanted.replace(/&(amp|lt|gt|quot|#39|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
  if (unentitied !== wanted && text.includes(unentitied)) {
    return { what: 'It holds HTML entities where the file has plain characters.', next: 'Send it again with < > & " as they are.' };
  }
  return undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", apos: "'" };

function where({ from, to }: Region): string {
  return from === to ? `line ${from}` : `lines ${from}-${to}`;
}

function show(text: string, region: Region, wanted: string): string {
  const lines = splitLines(text).slice(region.from - 1, region.to);
  const shown = numberLines(lines.slice(0, MAX_SHOWN), region.from, 300);
  const more = lines.length > MAX_SHOWN ? `\n[${lines.length - MAX_SHOWN} more lines]` : '';
  return `${shown}${more}${firstDifference(lines, region, wanted)}`;
}

/** The first line that differs, both ways, quoted so that tabs and trailing spaces can be seen. */
function firstDifference(lines: readonly string[], region: Region, wanted: string): string {
  const theirs = wanted.split('\n');
  const skipped = theirs.findIndex((line) => line.trim() !== '');
  const offset = Math.max(0, skipped);
  for (const [i, line] of lines.entries()) {
    const mine = theirs[i + offset];
    if (mine === undefined) break;
    if (line === mine || (mine.trim() !== '' && fitsPartly(line, mine, i === 0, i === lines.length - 1))) continue;
    return `\nFirst difference, in line ${region.from + i}:\nin the file: ${quote(line)}\nin old_text: ${quote(mine)}`;
  }
  return '';
}

/** old_text may begin within its first line and end within its last one. */
function fitsPartly(line: string, mine: string, first: boolean, last: boolean): boolean {
  if (first && last) return line.includes(mine);
  return (first && line.endsWith(mine)) || (last && line.startsWith(mine));
}

const quote = (line: string) => JSON.stringify(clipLine(line, 200)).replace(/[\u00a0\u200b-\u200d\u2060\ufeff]/g, visible);
const visible = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;

const INVISIBLE = /[\u00a0\u200b-\u200d\u2060\ufeff]/;
const CURLY = /[\u2018\u2019\u201c\u201d]/;
const DASH = /[\u2010-\u2015\u2212]/;

/** Names what keeps two texts apart that read the same. */
function differences(text: string, region: Region, wanted: string): string {
  const found: string[] = [];
  const lines = splitLines(text).slice(region.from - 1, region.to);
  const file = lines.join('\n');
  const theirs = wanted.replace(/^\n+|\n+$/g, '').split('\n');
  const differs = (pattern: RegExp) => pattern.test(file) !== pattern.test(wanted);
  if (lines.length !== theirs.length) found.push('where the lines break');
  else {
    const pairs = lines.map((line, i) => [line, theirs[i] ?? ''] as const);
    const inner = pairs.slice(1);
    // The first line of old_text may begin in the middle of a line; then it has no indentation to compare.
    const [first] = pairs;
    const indented = first && /^[ \t]/.test(first[1]) ? pairs : inner;
    if (indented.some(([a, b]) => indent(a) !== indent(b))) found.push(indentation(indented));
    const ended = /\n$/.test(wanted) ? pairs : pairs.slice(0, -1);
    if (ended.some(([a, b]) => trailing(a) !== trailing(b))) found.push('spaces at the end of a line');
    if (pairs.some(([a, b]) => /\S[ \t]+\S/.test(b) && !a.includes(b.trim()) && tight(a).includes(tight(b)))) {
      found.push('spaces within a line');
    }
  }
  if (differs(CURLY)) found.push('typographic quotes');
  if (differs(DASH)) found.push('kinds of dash');
  if (differs(INVISIBLE)) found.push('invisible characters');
  if (file.normalize('NFC') !== file || wanted.normalize('NFC') !== wanted) found.push('composed and decomposed letters');
  if (found.length === 0 && region.caseDiffers) found.push('upper and lower case');
  if (found.length === 0 && /^\s*\n|\n\s*$/.test(wanted)) found.push('empty lines or the line ending before or after it');
  return found.length > 0 ? found.join(', ') : 'white space';
}

const indent = (line: string) => /^[ \t]*/.exec(line)?.[0] ?? '';
const trailing = (line: string) => /[ \t]*$/.exec(line)?.[0] ?? '';
const tight = (line: string) => line.replace(/\s+/g, '');

function indentation(pairs: readonly (readonly [string, string])[]): string {
  const file = pairs.map(([a]) => indent(a)).join('');
  const theirs = pairs.map(([, b]) => indent(b)).join('');
  if (file.includes('\t') && !theirs.includes('\t')) return 'indentation (the file has tabs, old_text has spaces)';
  if (theirs.includes('\t') && !file.includes('\t')) return 'indentation (the file has spaces, old_text has tabs)';
  return 'indentation';
}
