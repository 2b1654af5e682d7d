import { splitLines } from './lines';

/** 1-based first and last line of a stretch of text. */
export type Region = { readonly from: number; readonly to: number; readonly caseDiffers?: boolean };

/** Shorter than this, with white space out, a text fits too many places to mean one of them. */
const MIN_TIGHT = 4;
const MAX_TEXT = 4_000_000;

/** Where `wanted` stands when white space, quote and dash styles, letter composition and, last, case do not count. */
export function looseMatch(text: string, wanted: string): Region | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const needle = tighten(wanted).text;
  if (needle.length < MIN_TIGHT) return undefined;
  const hay = tighten(text);
  const exact = hay.text.indexOf(needle);
  const at = exact >= 0 ? exact : withoutCase(hay.text).indexOf(withoutCase(needle));
  if (at < 0) return undefined;
  const from = hay.origin[at] ?? 0;
  const to = hay.origin[at + needle.length - 1] ?? from;
  return { from: lineAt(text, from), to: lineAt(text, to), caseDiffers: exact < 0 };
}

const ALIKE: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2015': '-',
  '\u2212': '-',
  '\u2026': '...',
};
const DROPPED = /[\s\u200b-\u200d\u2060\ufeff]/;

/** The text without what is invisible, and for each remaining character where it came from. */
function tighten(text: string): { readonly text: string; readonly origin: readonly number[] } {
  const out: string[] = [];
  const origin: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === ' ' || c === '\n' || c === '\t') continue;
    if (c < '\u0080') {
      if (c === '\r' || c === '\f' || c === '\v') continue;
      out.push(c);
      origin.push(i);
      continue;
    }
    if (DROPPED.test(c)) continue;
    const alike = ALIKE[c] ?? c.normalize('NFD');
    out.push(alike);
    for (let k = 0; k < alike.length; k++) origin.push(i);
  }
  return { text: out.join(''), origin };
}

/** Lower case, character by character, so that positions stay. */
function withoutCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]/g, (c) => c.toLowerCase());
}

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

/** The stretch of lines that shares most with `wanted`, or nothing when no line is much alike. */
export function closestLines(text: string, wanted: string): Region | undefined {
  if (text.length > MAX_TEXT) return undefined;
  const lines = splitLines(text).map((line) => line.trim());
  const parts = wanted.split('\n').map((line) => line.trim());
  while (parts[0] === '') parts.shift();
  while (parts.at(-1) === '') parts.pop();
  const start = byEqualLines(lines, parts) ?? byLikeness(lines, parts);
  if (start === undefined) return undefined;
  const from = Math.max(0, start);
  return { from: from + 1, to: Math.min(lines.length, Math.max(from + 1, start + parts.length)) };
}

/** Lines that are the same vote for where the whole would begin; rare lines weigh more. */
function byEqualLines(lines: readonly string[], parts: readonly string[]): number | undefined {
  const places = new Map<string, number[]>();
  const wanted = new Set(parts.filter((part) => part.length > 3));
  for (const [i, line] of lines.entries()) {
    if (!wanted.has(line)) continue;
    const list = places.get(line);
    if (list) list.push(i);
    else places.set(line, [i]);
  }
  const votes = new Map<number, number>();
  for (const [k, part] of parts.entries()) {
    const list = places.get(part);
    if (!list || list.length > 200) continue;
    for (const i of list) votes.set(i - k, (votes.get(i - k) ?? 0) + 1 / list.length);
  }
  let best: number | undefined;
  for (const [start, weight] of votes) if (best === undefined || weight > (votes.get(best) ?? 0)) best = start;
  return best;
}

const ALIKE_ENOUGH = 0.55;

/** No line is the same: the longest one looks for the line most like it. */
function byLikeness(lines: readonly string[], parts: readonly string[]): number | undefined {
  let longest = 0;
  for (const [k, part] of parts.entries()) if (part.length > (parts[longest]?.length ?? 0)) longest = k;
  const part = parts[longest] ?? '';
  if (part.length < MIN_TIGHT) return undefined;
  const pairs = pairsOf(part);
  let best: number | undefined;
  let most = ALIKE_ENOUGH;
  for (const [i, line] of lines.entries()) {
    if (line.length > 2 * part.length + 20 || part.length > 2 * line.length + 20) continue;
    const score = likeness(pairs, part.length - 1, line);
    if (score > most) {
      most = score;
      best = i - longest;
    }
  }
  return best;
}

function pairsOf(line: string): Map<string, number> {
  const pairs = new Map<string, number>();
  for (let i = 0; i + 1 < line.length; i++) {
    const pair = line.slice(i, i + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

/** Share of letter pairs that two lines have in common (Dice). */
function likeness(pairs: ReadonlyMap<string, number>, total: number, line: string): number {
  let common = 0;
  const used = new Map<string, number>();
  for (let i = 0; i + 1 < line.length; i++) {
    const pair = line.slice(i, i + 2);
    const seen = used.get(pair) ?? 0;
    if (seen < (pairs.get(pair) ?? 0)) common++;
    used.set(pair, seen + 1);
  }
  return (2 * common) / Math.max(1, total + line.length - 1);
}
