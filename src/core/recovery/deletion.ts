import type { FileState } from '../../protocol/event-parts';
import { below, normalize } from '../permission/paths';
import type { RunContext } from '../run-context';
import { keepFile } from './keep-file';

/** How much is copied before one call deletes it. */
const MOST = { files: 1_000, bytes: 64 * 1024 * 1024 };
const LIMIT = '1,000 files or 64 MB';

export type Doomed = {
  readonly kept: Readonly<Record<string, FileState>>;
  /** Once it has happened: why not all of it can be brought back; empty when it can. */
  missed(): Promise<string>;
};

/** Copies what a call says it deletes, folders to their last file, with the permission bits of each. */
export async function keepDoomed(paths: readonly string[], run: RunContext): Promise<Doomed> {
  const { scan, documents } = run.ports;
  const kept: Record<string, FileState> = {};
  /** What is not kept, said once its path is gone. */
  const not: { readonly path: string; readonly why: string }[] = [];
  let [files, bytes] = [MOST.files, MOST.bytes];
  for (const path of paths) {
    const all = await scan?.whole(path, { files, bytes }, run.signal);
    if (!all) continue;
    if (!all.complete) {
      not.push({ path, why: `Not all of ${shown(path, run)} was copied before it was deleted: it held more than ${LIMIT}.` });
      continue;
    }
    files -= all.files.length;
    bytes -= all.bytes;
    for (const { path: file, mode } of all.files) {
      const state = await keepFile(file, run);
      if (state) kept[file] = state.is === 'kept' ? { ...state, mode } : state;
    }
    const [link] = all.others;
    if (link === path) not.push({ path, why: `${shown(path, run)} was a link, and links are not brought back.` });
    else if (link !== undefined) not.push({ path, why: `Links and special files in ${shown(path, run)} are not brought back.` });
  }
  return {
    kept,
    async missed() {
      const gone = await Promise.all(not.map(async ({ path, why }) => ((await documents.stat(path)) === undefined ? [why] : [])));
      return gone.flat().join(' ');
    },
  };
}

function shown(path: string, run: RunContext): string {
  const inner = run.facts().roots.map((root) => below(normalize(path), root));
  return inner.find((rest) => rest !== undefined && rest !== '') ?? path;
}
