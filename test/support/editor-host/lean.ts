import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EditorHost } from './install';

/** Settings that no test is about, and that cost time in every window: drawing, and asking the network for types. */
export const LEAN = {
  'breadcrumbs.enabled': false,
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'terminal.integrated.gpuAcceleration': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'typescript.tsserver.useSyntaxServer': 'never',
  // What a command opens may take the focus late, when the next command is being typed already.
  'workbench.quickOpen.closeOnFocusLost': false,
  'workbench.reduceMotion': 'on',
};

/**
 * What no test is about: sign-in, debuggers, task runners, tunnels, and languages with servers of their own. Those that
 * have a half for browsers stay: the workbench knows them by itself, and complains when the other half is not there.
 */
const LEFT_OUT =
  /^(copilot|github|grunt|gulp|jake|microsoft-authentication|ms-vscode\.js-debug.*|notebook-renderers|php.*|debug-.*|tunnel-forwarding)$/;

/** A folder with links to the editor's own extensions without those; made beside the editor at first use. */
export async function fewExtensions(host: EditorHost): Promise<string> {
  const folder = join(host.folder, 'lean-extensions');
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
