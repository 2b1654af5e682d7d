import { messageOf, StoreError } from '../core/errors';
import { errnoOf } from './errno';
import { ELSEWHERE } from './folders';
import type { Holder } from './session-lock';

/** Turns a failure of the operating system into one that names the file and the reader's next step. */
export function storeError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  switch (errnoOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new StoreError(
        'full',
        `The disk is full: ${path} could not be written.`,
        'Free some space and continue; nothing that was shown is lost.',
      );
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new StoreError('read_only', `Plumb may not write ${path}.`, `Give your user the right to write there. ${ELSEWHERE}`);
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ESTALE':
      return new StoreError('gone', `${path} is no longer there.`, 'It was moved or deleted by another program: start a new session.');
    case 'EMFILE':
    case 'ENFILE':
      return new StoreError('io', `Too many files are open to write ${path}.`, 'Close some programs or windows and try again.');
    default:
      return new StoreError('io', `${path} could not be used: ${messageOf(error)}`, `Check the disk. ${ELSEWHERE}`);
  }
}

export function heldError(session: string, holder: Holder, lockPath: string, here: string): StoreError {
  const who = holder.host === here ? `process ${holder.pid}` : `process ${holder.pid} on ${holder.host}`;
  const next =
    holder.host === here
      ? 'Continue it there, or close that window and try again.'
      : `Continue it there. If that machine no longer runs it, delete ${lockPath} and try again.`;
  return new StoreError('held', `Session ${session} is being written by another window or command line (${who}).`, next);
}
