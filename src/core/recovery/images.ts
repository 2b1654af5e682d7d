import { ToolError } from '../errors';
import type { Documents } from '../ports';

/** A file at one moment: `mark` tells whether it changed since (null: not there), `text` is there where it holds any. */
export type Image = { readonly mark: string | null; readonly text?: string | null; readonly encoding?: string };

/** Text is hashed; what is no text is told apart by size and time, which is enough to see that it changed. */
export async function imageOf(path: string, documents: Documents, signal: AbortSignal): Promise<Image> {
  const stat = await documents.stat(path);
  if (!stat) return { mark: null, text: null };
  try {
    const { hash, text, encoding } = await documents.readText(path, signal);
    return { mark: hash, text, encoding };
  } catch (error) {
    if (error instanceof ToolError) return { mark: `${stat.kind}:${stat.size}:${stat.mtimeMs}` };
    throw error;
  }
}
