import { closeSync, constants, openSync, readlinkSync } from 'node:fs';
import { mkdir, open, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ToolError } from '../core/errors';
import { errnoOf, unless } from './errno';

/**
 * A folder held open, so that names in it mean files in *that* folder even when somebody swaps a part of its path for
 * a link meanwhile. Linux names it through the open descriptor, which no swap can redirect; elsewhere the path is
 * looked at again right before each use, which narrows the gap as far as it goes there.
 */
export type AnchoredFolder = {
  /** The path to use for a name in the folder, right now. @throws ToolError when the folder is no longer where it was. */
  at(name: string): Promise<string>;
  sync(): Promise<void>;
  close(): void;
};

/**
 * `real` must be free of links, as `locate` gives it. Looks are taken at once: each trip to another thread costs more
 * than the look, and on a busy machine many times more. @throws ToolError when a link has slipped in since.
 */
export async function anchorFolder(real: string): Promise<AnchoredFolder> {
  const fd = openSync(real, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | NO_FOLLOW);
  let byDescriptor: boolean;
  try {
    byDescriptor = await verify(fd, real);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  const at = async (name: string) => {
    if (byDescriptor) return `/proc/self/fd/${fd}/${name}`;
    await verify(fd, real);
    return join(real, name);
  };
  return {
    at,
    sync: async () => {
      // Windows cannot sync a folder.
      if (process.platform === 'win32') return;
      const handle = await open(await at('.'), constants.O_RDONLY);
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    close: () => closeSync(fd),
  };
}

/** Opens the folder, making it and what is missing above it, one level at a time and never through a link. */
export async function anchorNewFolder(real: string): Promise<AnchoredFolder> {
  try {
    return await anchorFolder(real);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || dirname(real) === real) throw error;
  }
  const parent = await anchorNewFolder(dirname(real));
  try {
    await unless(mkdir(await parent.at(basename(real))), 'EEXIST');
  } finally {
    parent.close();
  }
  return anchorFolder(real);
}

/** Opens a file of the folder without following a link at its end, and without waiting for the other side of a FIFO. */
export async function openIn(folder: AnchoredFolder, name: string, flags: number): Promise<number> {
  return openSync(await folder.at(name), flags | NO_FOLLOW | NON_BLOCK);
}

const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NON_BLOCK = constants.O_NONBLOCK ?? 0;

/** True when the descriptor itself told where it is, so that it can be used to name files. */
async function verify(fd: number, real: string): Promise<boolean> {
  const held = process.platform === 'linux' ? linkOf(fd) : undefined;
  const now = held ?? (await unless(realpath(real), 'ENOENT'));
  if (now === real) return held !== undefined;
  throw new ToolError(
    `${real} changed while it was being used: it now leads to ${now ?? 'nothing'}.`,
    'Look at the folder again before writing to it.',
  );
}

/** Where the descriptor really is; undefined without /proc. */
function linkOf(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'EACCES') return undefined;
    throw error;
  }
}
