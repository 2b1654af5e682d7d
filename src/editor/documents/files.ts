import { FileType, l10n, type Uri, WorkspaceEdit, workspace } from 'vscode';
import { ToolError } from '../../core/errors';
import { fileFailure, missing, readOnly, special } from './failures';
import { openDocument, readDisk, statOf } from './load';
import { rewrite, writeText } from './rewrite';
import { kindOf, parentOf } from './uris';

/**
 * Makes a file with this text; folders on the way are made too. The text goes in through the document, so that save
 * participants run as for any other file. @returns the text as it stands then.
 */
export async function createFile(uri: Uri, path: string, text: string, signal: AbortSignal): Promise<string> {
  try {
    await workspace.fs.createDirectory(parentOf(uri));
    await workspace.fs.writeFile(uri, new Uint8Array());
  } catch (error) {
    throw fileFailure(path, error);
  }
  if (text === '') return text;
  try {
    return (await rewrite(uri, path, () => text, signal)).after;
  } catch (error) {
    await deleteFile(uri, path);
    throw error;
  }
}

/** Through the editor, so that tabs and unsaved text of the file go with it; the trash is the user's setting. */
export async function deleteFile(uri: Uri, path: string): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.deleteFile(uri, { ignoreIfNotExists: true });
  await workspace.applyEdit(edit);
  if (!(await statOf(uri, path))) return;
  try {
    await workspace.fs.delete(uri, { useTrash: false });
  } catch (error) {
    throw fileFailure(path, error);
  }
}

/**
 * Past the editor on purpose: a rename through a workspace edit makes language extensions ask about imports in a
 * modal dialog, which would take the user's focus and hold up the agent.
 */
export async function moveFile(source: Uri, target: Uri, from: string, to: string): Promise<void> {
  const held = openDocument(source);
  if (held?.isDirty && !(await held.save())) throw readOnly(from);
  try {
    await workspace.fs.createDirectory(parentOf(target));
    await workspace.fs.rename(source, target, { overwrite: false });
  } catch (error) {
    throw fileFailure(to, error);
  }
}

/** The file as bytes, unsaved text included. */
export async function currentBytes(uri: Uri, path: string): Promise<Uint8Array> {
  const held = openDocument(uri);
  if (held?.isDirty) return workspace.encode(held.getText(), { encoding: held.encoding });
  try {
    return await workspace.fs.readFile(uri);
  } catch (error) {
    throw fileFailure(path, error);
  }
}

/** Its text, unsaved text included, or null when it is not text. */
export async function currentText(uri: Uri, path: string): Promise<string | null> {
  const held = openDocument(uri);
  if (held?.isDirty) return held.getText();
  try {
    return (await readDisk(uri, path)).text;
  } catch (error) {
    if (error instanceof ToolError) return null;
    throw error;
  }
}

/** Puts a file back byte for byte where it was; then its text, when a given one differs. */
export async function recreate(uri: Uri, path: string, bytes: Uint8Array, text: string): Promise<void> {
  try {
    await workspace.fs.createDirectory(parentOf(uri));
    await workspace.fs.writeFile(uri, bytes);
  } catch (error) {
    throw fileFailure(path, error);
  }
  const now = await currentText(uri, path);
  if (now === null || now === text) return;
  const { encoding } = await readDisk(uri, path);
  await writeText(uri, path, text, encoding);
}

/** Makes the file hold exactly these bytes. Where it is open, through its document, so that the editor's own undo knows of it. */
export async function putBytes(uri: Uri, path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  const held = openDocument(uri);
  if (held && (await statOf(uri, path)) && (await currentText(uri, path)) !== null) {
    const text = await workspace.decode(bytes, { encoding: held.encoding });
    await rewrite(uri, path, () => text, signal, { exact: true });
  }
  try {
    await workspace.fs.createDirectory(parentOf(uri));
    // What the document made of it may differ in line endings or a mark at its start; bytes decide.
    await workspace.fs.writeFile(uri, bytes);
  } catch (error) {
    throw fileFailure(path, error);
  }
}

/** @throws ToolError unless a regular file is there. */
export async function requireFile(uri: Uri, path: string): Promise<void> {
  const stat = await statOf(uri, path);
  if (!stat) throw missing(path);
  if (kindOf(stat.type) === 'file' || stat.type & FileType.SymbolicLink) return;
  throw new ToolError(l10n.t('{0} is not a regular file.', path), l10n.t('Use a shell command for folders and special files.'));
}

/** @throws ToolError when a device or another special file is there: reading one may never end. */
export async function requireNoDevice(uri: Uri, path: string): Promise<void> {
  const stat = await statOf(uri, path);
  if (stat && kindOf(stat.type) === 'other' && !(stat.type & FileType.SymbolicLink)) throw special(path);
}

/** @throws ToolError when something has that name, on disk or unsaved in the editor. */
export async function requireFree(uri: Uri, path: string): Promise<void> {
  if (await statOf(uri, path)) {
    throw new ToolError(l10n.t('{0} exists already.', path), l10n.t('Read it and edit it, or choose another name.'));
  }
  if (workspace.textDocuments.some((d) => d.isUntitled && !d.isClosed && d.uri.path === uri.path)) {
    throw new ToolError(
      l10n.t('The user has an unsaved new file with the name {0}.', path),
      l10n.t('Ask the user to save it, or choose another name.'),
    );
  }
}

export function requireWritable(uri: Uri, path: string): void {
  if (workspace.fs.isWritableFileSystem(uri.scheme) === false) throw readOnly(path);
}

/** A notebook's cells are no lines of text, and what the user sees of them is not what the file holds. */
export function refuseNotebook(uri: Uri, path: string): void {
  if (!/\.ipynb$/i.test(path) && !workspace.notebookDocuments.some((n) => n.uri.toString() === uri.toString())) return;
  throw new ToolError(
    l10n.t('{0} is a notebook: it cannot be edited as text here.', path),
    l10n.t('Change it with a script that knows the format (nbformat, for instance), or ask the user to edit the cell.'),
  );
}
