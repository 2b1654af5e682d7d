import { FileType, Uri, workspace } from 'vscode';
import type { FileStat } from '../../core/ports';

/** The resource of an absolute path. In a folder that is not on the local disk the folder's own scheme and authority carry over. */
export function uriOf(path: string): Uri {
  const file = Uri.file(path);
  for (const { uri } of workspace.workspaceFolders ?? []) {
    if (uri.scheme !== 'file' && (file.path === uri.path || file.path.startsWith(`${uri.path.replace(/\/$/, '')}/`))) {
      return uri.with({ path: file.path });
    }
  }
  return file;
}

/** The absolute path of a resource that the agent could have touched, or undefined for another kind of resource. */
export function pathOf(uri: Uri): string | undefined {
  if (uri.scheme === 'file') return uri.fsPath;
  return workspace.workspaceFolders?.some((f) => f.uri.scheme === uri.scheme && f.uri.authority === uri.authority) ? uri.fsPath : undefined;
}

/** File types are bit masks: a link carries the type of what it points to. */
export function kindOf(type: FileType): FileStat['kind'] {
  if (type & FileType.File) return 'file';
  return type & FileType.Directory ? 'folder' : 'other';
}

export function parentOf(uri: Uri): Uri {
  return Uri.joinPath(uri, '..');
}
