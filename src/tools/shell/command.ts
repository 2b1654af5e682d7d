import type { Subject } from '../../core/tool';
import { type Carried, carriedBy } from './carriers';
import { critical, isDisk } from './critical';
import { destruction, programOf } from './destructive';
import { destroysData, isDatabaseClient } from './destructive-services';
import { changedPaths, describe, isElevating } from './mutating';
import { readOnly } from './readonly';
import { type Scene, touchesOf } from './scene';
import type { Redirect, SimpleCommand } from './split';
import type { Word } from './tokenize';
import { quote, textOf } from './words';
import { isHarmlessAssignment, stripWrappers } from './wrappers';
import { xargsReads } from './xargs';

/** Judges a line of another shell inside this one. */
export type JudgeLine = (text: string, scene: Scene) => Promise<readonly Subject[]>;

const DEEPEST = 3;

/** The parts of one simple command: itself, each file that it redirects to, and what it carries inside. */
export async function judgeCommand(command: SimpleCommand, scene: Scene, judgeLine: JudgeLine): Promise<readonly Subject[]> {
  const redirects = (await Promise.all(command.redirects.map((redirect) => redirected(redirect, command, scene)))).flat();
  if (command.words.length === 0) return [...assigned(command.assignments), ...redirects];
  const own = await judgeWords(command, scene);
  const carried =
    scene.depth < DEEPEST ? await Promise.all(carriedIn(command, scene).map((inner) => judgeCarried(inner, scene, judgeLine))) : [];
  return [own, ...carried.flat(), ...redirects];
}

async function judgeWords(command: SimpleCommand, scene: Scene): Promise<Subject> {
  const kept = command.assignments.filter((word) => !isHarmlessAssignment(word));
  const words = stripWrappers(command.words);
  const text = textOf([...kept, ...words]);
  const judged = await readOnly(words, scene);
  const listed = !judged.ok && words[0]?.value === 'xargs' ? await xargsReads(words, scene) : undefined;
  const read = judged.ok ? judged : listed;
  if (read && kept.length === 0) return { text, class: 'read_only', why: sentence(read.does), touches: read.touches };
  const values = words.map((word) => word.value);
  const always = critical(values, scene) ?? runsDownload(words, scene);
  const destroys = destruction(values) ?? destroysByPipe(values, scene);
  const notReadOnly = kept.length > 0 ? `It sets ${names(kept)} for the command.` : judged.ok ? '' : judged.why;
  return {
    text,
    class: destroys || always ? 'destructive' : 'mutating',
    why: always ?? destroys ?? describe(text, notReadOnly),
    touches: await changedPaths(words, scene),
    ...(always ? { critical: always } : {}),
    ...(isElevating(values) ? { elevated: true } : {}),
  };
}

function assigned(assignments: readonly Word[]): readonly Subject[] {
  if (assignments.length === 0) return [];
  const why = `It sets ${names(assignments)} for the rest of the line.`;
  return [{ text: textOf(assignments), class: 'mutating', why, touches: [] }];
}

/**
 * A file that a redirection writes is a part of its own, judged as an edit of that file [B5]; so is one that it reads:
 * a rule for the command says nothing of what it is fed.
 */
async function redirected(redirect: Redirect, command: SimpleCommand, scene: Scene): Promise<readonly Subject[]> {
  const { target, op, fd } = redirect;
  if (/^\/dev\/(?:null|stdout|stderr|tty)$/.test(target.value)) return [];
  const text = `${fd}${op} ${quote(target)}`;
  if (op === '<') {
    const why = `It feeds ${target.value} to the command.`;
    return [{ text, class: 'read_only', why, touches: await touchesOf(target, 'read', scene) }];
  }
  const touches = await touchesOf(target, 'write', scene);
  if (isDisk(target.value)) {
    const why = `It writes the device ${target.value}. This is always asked.`;
    return [{ text, class: 'destructive', why, touches, critical: why }];
  }
  const empties =
    op === '>' && /^(?:|:|true|cat \/dev\/null|(?:echo(?: -n)?|printf) ?)$/.test(command.words.map((word) => word.value).join(' '));
  if (empties) return [{ text, class: 'destructive', why: `It empties ${target.value}.`, touches }];
  return [{ text, class: 'mutating', why: op === '>' ? `It writes ${target.value}.` : `It adds to ${target.value}.`, touches }];
}

async function judgeCarried(inner: Carried, scene: Scene, judgeLine: JudgeLine): Promise<readonly Subject[]> {
  const deeper = { ...scene, depth: scene.depth + 1, pipe: [] };
  if (inner.kind === 'line') return judgeLine(inner.text, deeper);
  return judgeCommand({ ...BARE, words: inner.words }, deeper, judgeLine);
}

const BARE: Omit<SimpleCommand, 'words'> = {
  assignments: [],
  redirects: [],
  before: undefined,
  after: undefined,
  negated: false,
  groups: [],
  spans: [],
};

const RUNNERS = /^(?:(?:ba|z|da|k|fi)?sh|python[\d.]*|node|perl|ruby|php|pwsh|powershell|iex|sudo|osascript|source|deno|bun)$/;
const FETCHERS = /^(?:curl|wget|http|https|xh|fetch|aria2c|ftp|scp|nc|ncat|iwr|invoke-webrequest|irm|invoke-restmethod)$/;

/** A command's own carried parts, and texts that reach a shell through a pipe: `echo 'rm -rf x' | sh`. */
function carriedIn(command: SimpleCommand, scene: Scene): readonly Carried[] {
  const words = stripWrappers(command.words);
  const piped = RUNNERS.test(programOf(words[0]?.value ?? ''))
    ? scene.pipe.filter((before) => /^(?:echo|printf)$/.test(before.words[0]?.value ?? '')).flatMap((before) => before.words.slice(1))
    : [];
  return [...carriedBy(words), ...piped.map((word): Carried => ({ kind: 'line', text: word.value }))];
}

/** A shell, or an interpreter without a script of its own, at the end of a pipe that begins with a download. */
function runsDownload(words: readonly Word[], scene: Scene): string | undefined {
  const [name = '', ...args] = words.map((word) => programOf(word.value));
  const isShell = (value: string): boolean => /^(?:(?:ba|z|da|k|fi)?sh|pwsh|powershell|iex)$/.test(value);
  const reads =
    isShell(name) ||
    (RUNNERS.test(name) && (args.every((arg) => arg === '-') || args.some(isShell))) ||
    (name === 'xargs' && args.some(isShell));
  if (!reads) return undefined;
  const fetched = scene.pipe.some((before) => before.words.some((word) => FETCHERS.test(programOf(word.value))));
  return fetched ? 'It runs what it has just downloaded, unseen. This is always asked.' : undefined;
}

function destroysByPipe(values: readonly string[], scene: Scene): string | undefined {
  if (!values.some((value) => isDatabaseClient(programOf(value)))) return undefined;
  const sent = scene.pipe.flatMap((before) => before.words.map((word) => word.value)).join(' ');
  return destroysData(sent) ? 'It deletes data of a database.' : undefined;
}

function names(assignments: readonly Word[]): string {
  return assignments.map((word) => word.value.split('=')[0]).join(', ');
}

function sentence(does: string): string {
  return `${does.charAt(0).toUpperCase()}${does.slice(1)}.`;
}
