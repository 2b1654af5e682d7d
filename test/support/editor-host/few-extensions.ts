import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EditorHost } from './install';

/** What no test is about: sign-in, notebooks, debuggers, task runners, tunnels, and languages with servers of their own. */
const LEFT_OUT =
  /^(copilot|emmet|extension-editing|github.*|grunt|gulp|ipynb|jake|markdown-math|mermaid.*|microsoft-authentication|ms-vscode.*|notebook.*|npm|php.*|debug-.*|simple-browser|tunnel-forwarding)$/;

/** A folder with links to the editor's own extensions without those; made beside the editor at first use. */
export async function fewExtensions(host: EditorHost): Promise<string> {
  const folder = join(host.folder, 'few-extensions');
  if (existsSync(folder)) return folder;
  const all = join(dirname(dirname(host.server)), 'extensions');
  const partial = `${folder}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  for (const { name } of await readdir(all, { withFileTypes: true }))
    if (!LEFT_OUT.test(name)) await symlink(join(all, name), join(partial, name));
  // Another process may have been faster.
  await rename(partial, folder).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}
