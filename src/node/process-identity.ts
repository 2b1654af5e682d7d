import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { errnoOf } from './errno';

/**
 * When a process started, as an opaque text that differs when its id is used again; empty where the platform does
 * not tell cheaply, null when no such process runs (a zombie counts as gone).
 */
export function startOf(pid: number): string | null {
  if (!exists(pid)) return null;
  if (process.platform === 'linux') return startOnLinux(pid);
  if (process.platform === 'darwin') return startOnMac(pid);
  return '';
}

/** True while the very process that had this id and start time still runs. */
export function isRunning(pid: number, start: string): boolean {
  const now = startOf(pid);
  if (now === null) return false;
  return now === '' || start === '' || now === start;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, but is not ours.
    return errnoOf(error) === 'EPERM';
  }
}

function startOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may itself hold blanks and parentheses; the fields after it do not.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${bootId()}:${fields[19] ?? ''}`;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ESRCH') return exists(pid) ? '' : null;
    return '';
  }
}

/** Start times count from boot, so they mean something only together with it. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Some containers hide it; the start time alone still tells most reuses apart.
    return '';
  }
}

function startOnMac(pid: number): string | null {
  try {
    const out = execFileSync('/bin/ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C' } }).trim();
    if (out.startsWith('Z')) return null;
    return out.replace(/^\S+\s+/, '');
  } catch {
    // `ps` fails when the process has just gone.
    return exists(pid) ? '' : null;
  }
}
