import { l10n, workspace } from 'vscode';
import { ToolError } from '../core/errors';
import type { Ports } from '../core/ports';

/** True when folders are open and none of them lies on the disk of this machine: a file system of another extension serves them. */
export function isVirtualWorkspace(): boolean {
  const folders = workspace.workspaceFolders ?? [];
  return folders.length > 0 && folders.every(({ uri }) => uri.scheme !== 'file');
}

/** What needs a local folder, where there is one. Without one files are read and edited through the editor, and no more. */
export function onLocalDisk<T extends Pick<Ports, 'search' | 'shell' | 'scan'>>(parts: T): T {
  if (!isVirtualWorkspace()) return parts;
  const refuse = async () => {
    throw new ToolError(
      l10n.t('This workspace is not on the local disk, so it can not be searched.'),
      l10n.t('Read files by their paths; ask the user for them where you do not know them.'),
    );
  };
  return { ...parts, search: { grep: refuse, glob: refuse }, shell: undefined, scan: undefined };
}
