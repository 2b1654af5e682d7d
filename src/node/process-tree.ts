import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { errnoOf } from './errno';

/**
 * Set in the environment of everything a command starts, so that whoever left its process group is still found. A
 * command started by a Plumb that was itself started by one carries both marks, joined by a colon.
 */
export const MARK = 'PLUMB_COMMAND';

/** The tree under one command: its leader, which leads a process group of its own, and the mark in its environment. */
export type Tree = { readonly pid: number; readonly mark: string };

const POLL_MS = 15;
const LAST_WAIT_MS = 2_000;

/** Whether anything of the tree still runs after so long; what is only finishing its work is waited for. */
export async function outlives(tree: Tree, ms: number): Promise<boolean> {
  return process.platform !== 'win32' && !(await gone(tree, ms));
}

/** Asks the whole tree to end, then ends it; resolves when nothing of it runs any more. */
export async function killTree(tree: Tree, graceMs: number): Promise<void> {
  if (process.platform === 'win32') return taskkill(tree.pid);
  if (!treeLives(tree)) return;
  if (graceMs > 0) {
    signalTree(tree, 'SIGTERM');
    if (await gone(tree, graceMs)) return;
  }
  const until = Date.now() + LAST_WAIT_MS;
  // Again and again: a process may have forked between the look and the signal.
  do {
    signalTree(tree, 'SIGKILL');
    if (await gone(tree, 50)) return;
  } while (Date.now() < until);
}

/** The last resort when there is no time to wait: at the end of our own process. */
export function killTreeNow(tree: Tree): void {
  if (process.platform === 'win32') execFile('taskkill', ['/pid', String(tree.pid), '/T', '/F']);
  else signalTree(tree, 'SIGKILL');
}

/** True while any process of the tree runs. */
function treeLives(tree: Tree): boolean {
  return groupLives(tree.pid) || strays(tree).length > 0;
}

async function gone(tree: Tree, ms: number): Promise<boolean> {
  const until = Date.now() + ms;
  while (treeLives(tree)) {
    if (Date.now() >= until) return false;
    await delay(POLL_MS);
  }
  return true;
}

function signalTree(tree: Tree, signal: NodeJS.Signals): void {
  const others = strays(tree);
  send(-tree.pid, signal);
  for (const pid of others) send(pid, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has just ended, or is one that we may not touch, such as what `sudo` started.
    if (errnoOf(error) !== 'ESRCH' && errnoOf(error) !== 'EPERM') throw error;
  }
}

/** A group of nothing but zombies counts as gone; who should reap them may take its time. */
function groupLives(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  return processes().some((pid) => {
    const [state, , pgrp] = statFields(pid);
    return pgrp === String(group) && state !== 'Z' && state !== 'X';
  });
}

/** Processes that carry the mark but left the group. Only Linux shows another process's environment. */
function strays(tree: Tree): number[] {
  if (process.platform !== 'linux') return [];
  return processes().filter((pid) => {
    const [state, , pgrp] = statFields(pid);
    if (state === undefined || state === 'Z' || state === 'X' || pgrp === String(tree.pid)) return false;
    return marksOf(readQuietly(`/proc/${pid}/environ`)).includes(tree.mark);
  });
}

function marksOf(environ: string): readonly string[] {
  const entry = environ.split('\0').find((text) => text.startsWith(`${MARK}=`));
  return entry?.slice(MARK.length + 1).split(':') ?? [];
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

/** State, parent and process group. */
function statFields(pid: number): string[] {
  const stat = readQuietly(`/proc/${pid}/stat`);
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ', 3);
}

/** Processes end while they are looked at, and those of others hide their environment. */
function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function taskkill(pid: number): Promise<void> {
  // It fails when the process has ended by itself, which is what was wanted.
  return new Promise((resolve) => execFile('taskkill', ['/pid', String(pid), '/T', '/F'], () => resolve()));
}
