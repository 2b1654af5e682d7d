/**
 * Small modules that are loaded into the command line before it starts, to make its world fail at a chosen moment. They
 * change Node's own functions, so that the product holds no hook for tests.
 */

/** Where the process can die around each step that makes something last: right before it, or right after. */
export type Boundary = { readonly nth: number; readonly when: 'before' | 'after' };

const PATCH = `
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
const probe = await fsp.open('/dev/null');
const handle = Object.getPrototypeOf(probe);
await probe.close();
const patch = (owner, name, around) => {
  const real = owner[name];
  owner[name] = function (...args) { return around.call(this, () => real.apply(this, args), args, name); };
};
`;

/** Dies by SIGKILL at the nth sync, rename, link or removal. */
export function dieAt({ nth, when }: Boundary): string {
  return module(`${PATCH}
let count = 0;
const die = () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => {}); };
const around = async (real) => {
  const mine = ++count;
  if (mine === ${nth} && '${when}' === 'before') return die();
  const result = await real();
  if (mine === ${nth}) return die();
  return result;
};
patch(handle, 'sync', around);
for (const name of ['rename', 'link', 'unlink', 'rm', 'mkdir']) patch(fsp, name, around);
syncBuiltinESMExports();`);
}

/** Tells on standard error, at the end, how many such steps there were. */
export function countBoundaries(): string {
  return module(`${PATCH}
let count = 0;
const around = (real) => { count++; return real(); };
patch(handle, 'sync', around);
for (const name of ['rename', 'link', 'unlink', 'rm', 'mkdir']) patch(fsp, name, around);
syncBuiltinESMExports();
process.on('exit', () => fs.writeSync(2, 'boundaries: ' + count + '\\n'));`);
}

/** From the nth write to the session's log on, every write fails with that error. */
export function failWrites(nth: number, code: 'ENOSPC' | 'EROFS' | 'EIO'): string {
  return module(`${PATCH}
let count = 0;
const logs = new Set();
patch(fsp, 'open', async function (real, args) {
  const opened = await real();
  if (String(args[0]).endsWith('events.jsonl')) logs.add(opened);
  return opened;
});
patch(handle, 'write', function (real) {
  if (logs.has(this) && ++count >= ${nth}) return Promise.reject(Object.assign(new Error('${code}: write'), { code: '${code}' }));
  return real();
});
syncBuiltinESMExports();`);
}

/** A clock that jumps: by that many hours at the nth look at it, and back at every following nth. */
export function jumpClock(every: number, hours: number): string {
  return module(`
const now = Date.now;
let looks = 0;
Date.now = () => now() + (Math.floor(++looks / ${every}) % 2 === 1 ? ${hours * 3_600_000} : 0);`);
}

function module(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
