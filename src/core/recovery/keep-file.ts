import type { FileState } from '../../protocol/event-parts';
import { ToolError } from '../errors';
import type { Ports } from '../ports';

/** Larger files are not copied: a rewind names them and leaves them alone. */
export const MOST_BYTES = 10 * 1024 * 1024;

/** Where copies come from and go to. */
export type CopyPorts = { readonly session: string; readonly ports: Pick<Ports, 'documents' | 'store'> };

/** A copy of the file as it is now; undefined for a folder or a device. */
export async function keepFile(path: string, { session, ports }: CopyPorts): Promise<FileState | undefined> {
  const { documents, store } = ports;
  try {
    const stat = await documents.stat(path);
    if (!stat) return { is: 'absent' };
    if (stat.kind !== 'file') return undefined;
    if (stat.size > MOST_BYTES) return { is: 'lost', why: TOO_LARGE };
    // To the end, whatever became of the run: what has happened is to be known.
    const bytes = await documents.readBytes(path, MOST_BYTES + 1, new AbortController().signal);
    if (bytes.length > MOST_BYTES) return { is: 'lost', why: TOO_LARGE };
    return { is: 'kept', hash: await store.keep(session, bytes) };
  } catch (error) {
    if (error instanceof ToolError) return { is: 'lost', why: error.message };
    throw error;
  }
}

const TOO_LARGE = 'it has more than 10 MB';
