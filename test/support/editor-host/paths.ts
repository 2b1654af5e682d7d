import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository: the folder that is loaded as the extension under development. */
export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Everything fetched or kept between runs; ignored by git, safe to delete. */
export const cache = join(repository, '.vscode-test');

/** `PLUMB_EDITOR_HOST` lets several clones share one editor host. */
export function hostFolder(): string {
  return process.env.PLUMB_EDITOR_HOST || join(cache, 'editor-host');
}
