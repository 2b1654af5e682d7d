import { Uri, workspace } from 'vscode';
import { z } from 'zod';
import { hasMark, redact, redactDeep, restoreKnown } from '../../core/observe/redact';
import { isMissing } from '../documents/failures';
import type { Pending } from './pending';

const VERSION = 1;
const WRITE_AFTER_MS = 100;

const zStored = z.object({
  version: z.literal(VERSION),
  path: z.string(),
  kind: z.enum(['edit', 'create', 'delete', 'rename']),
  from: z.string().optional(),
  base: z.string(),
  agent: z.string(),
  text: z.string(),
  raw: z.string().optional(),
});

/** Keeps what is pending on disk, a file each, so that nothing waits in vain after the window is reloaded. */
export type ReviewStore = {
  load(): Promise<readonly Pending[]>;
  /** Writes the newest state a moment later; `undefined` removes it. */
  save(path: string, state: () => Pending | undefined): void;
  /** Everything asked for so far is on disk. */
  flush(): Promise<void>;
};

/** Without a folder (no workspace is open) the pending state lasts as long as the window. */
export function createReviewStore(folder: Uri | undefined, hash: (text: string) => string, onError: (error: unknown) => void): ReviewStore {
  if (!folder) return { load: async () => [], save: () => {}, flush: async () => {} };
  const base = Uri.joinPath(folder, 'review');
  const fileOf = (path: string, end: string) => Uri.joinPath(base, `${hash(path).slice(0, 32)}.${end}`);
  const waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; write: () => Promise<void> }>();
  let queue: Promise<void> = Promise.resolve();

  async function write(path: string, pending: Pending | undefined): Promise<void> {
    const target = fileOf(path, 'json');
    if (!pending) {
      await remove(target);
      return remove(fileOf(path, 'bytes'));
    }
    const { bytes, ...rest } = pending;
    await workspace.fs.createDirectory(base);
    if (bytes) await workspace.fs.writeFile(fileOf(path, 'bytes'), withoutSecrets(bytes));
    const draft = fileOf(path, 'draft');
    await workspace.fs.writeFile(draft, new TextEncoder().encode(JSON.stringify({ version: VERSION, ...redactDeep(rest) })));
    await workspace.fs.rename(draft, target, { overwrite: true });
  }

  function start(path: string): void {
    const next = waiting.get(path);
    if (!next) return;
    clearTimeout(next.timer);
    waiting.delete(path);
    queue = queue.then(next.write).catch(onError);
  }

  return {
    async load() {
      const found: Pending[] = [];
      for (const [name] of await entries(base)) {
        if (!name.endsWith('.json')) continue;
        try {
          const bytes = await workspace.fs.readFile(Uri.joinPath(base, name));
          const { version: _version, ...pending } = zStored.parse(JSON.parse(new TextDecoder().decode(bytes)));
          found.push(await whole({ ...pending, bytes: await maybe(fileOf(pending.path, 'bytes')) }));
        } catch (error) {
          onError(error);
        }
      }
      return found;
    },
    save(path, state) {
      clearTimeout(waiting.get(path)?.timer);
      waiting.set(path, { write: () => write(path, state()), timer: setTimeout(() => start(path), WRITE_AFTER_MS) });
    },
    async flush() {
      for (const path of [...waiting.keys()]) start(path);
      await queue;
    },
  };
}

/** What is no text holds no secret that could be told. */
function withoutSecrets(bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  const clean = redact(text);
  return clean === text ? bytes : new TextEncoder().encode(clean);
}

/**
 * Secrets come back from the file itself, where they still stand. @throws Error when one of them is in it no more: a
 * baseline with a mark in it must never be written to the file.
 */
async function whole(pending: Pending): Promise<Pending> {
  const bytes = pending.bytes && new TextDecoder().decode(pending.bytes);
  const texts = [pending.base, pending.agent, pending.text, pending.raw ?? '', bytes ?? ''];
  if (!texts.some(hasMark)) return pending;
  const now = await maybe(Uri.file(pending.path));
  const file = now ? new TextDecoder().decode(now) : '';
  redact(file); // from here on its secrets are known by their marks
  if (texts.some((text) => hasMark(restoreKnown(text)) && !hasMark(file)))
    throw new Error(`The changes in ${pending.path} are no longer in review: their baseline held a secret, which is kept nowhere.`);
  return {
    ...pending,
    base: restoreKnown(pending.base),
    agent: restoreKnown(pending.agent),
    text: restoreKnown(pending.text),
    ...(pending.raw === undefined ? {} : { raw: restoreKnown(pending.raw) }),
    ...(bytes === undefined ? {} : { bytes: new TextEncoder().encode(restoreKnown(bytes)) }),
  };
}

async function entries(folder: Uri) {
  try {
    return await workspace.fs.readDirectory(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function maybe(file: Uri): Promise<Uint8Array | undefined> {
  try {
    return await workspace.fs.readFile(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function remove(file: Uri): Promise<void> {
  try {
    await workspace.fs.delete(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
