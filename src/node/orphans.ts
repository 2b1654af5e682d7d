import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../core/errors';
import { errnoOf } from './errno';
import { isRunning, startOf } from './process-identity';
import { killTree, type Tree } from './process-tree';

/**
 * One small file for each command that runs. When our process is killed, its commands live on; the next start finds
 * their files, sees that their owner is gone, and ends them.
 */
export type OrphanLedger = { add(tree: Tree): void; remove(tree: Tree): void };

const zEntry = z.object({ pid: z.number().int(), start: z.string(), mark: z.uuid(), owner: z.number().int(), ownerStart: z.string() });

export function createOrphanLedger(folder: string): OrphanLedger {
  const own = startOf(process.pid) ?? '';
  const file = (tree: Tree) => join(folder, `${tree.mark}.json`);
  return {
    add(tree) {
      const entry: z.infer<typeof zEntry> = { ...tree, start: startOf(tree.pid) ?? '', owner: process.pid, ownerStart: own };
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        // Whole from its first moment: another process may be looking for orphans right now.
        const draft = `${file(tree)}.tmp`;
        writeFileSync(draft, JSON.stringify(entry), { mode: 0o600 });
        renameSync(draft, file(tree));
      } catch (error) {
        // A disk that is full or read-only must not keep commands from running: only the safety net is missing then.
        if (errnoOf(error) === undefined) throw error;
        process.emitWarning(`the command is not in the ledger: ${messageOf(error)}`);
      }
    },
    remove: (tree) => rmSync(file(tree), { force: true }),
  };
}

/** Ends what a process of ours that is gone has left running; gives the number of commands that were ended. */
export async function endOrphans(folder: string): Promise<number> {
  let ended = 0;
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const entry = readEntry(path);
    if (entry && isRunning(entry.owner, entry.ownerStart)) continue;
    // The leader may be gone and its id in use again: then only what carries the mark is ours.
    if (entry) {
      const leads = isRunning(entry.pid, entry.start);
      await killTree({ pid: leads ? entry.pid : NOBODY, mark: entry.mark }, 0);
      if (leads) ended++;
    }
    rmSync(path, { force: true });
  }
  return ended;
}

/** No process group has this id: above the highest that systems give. */
const NOBODY = 2 ** 30;

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch (error) {
    // A storage folder that cannot be used is told of when a session starts.
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes(errnoOf(error) ?? '')) return [];
    throw error;
  }
}

function readEntry(path: string): z.infer<typeof zEntry> | undefined {
  try {
    return zEntry.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Cut off while it was written: its command can no longer be told from others.
    return undefined;
  }
}
