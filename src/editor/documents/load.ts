import { FilePermission, l10n, type TextDocument, type Uri, workspace } from 'vscode';
import { ToolError } from '../../core/errors';
import { mainEnding, withEnding } from '../../core/text/lines';
import { fileFailure, missing, readOnly, special } from './failures';
import { kindOf } from './uris';

const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** How long the editor may take to notice that a file it holds open changed on disk. */
const CATCH_UP_MS = 2_000;
/** Byte order marks and the editor's names for what they say. */
const MARKS = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf8bom' },
  { bytes: [0xff, 0xfe], encoding: 'utf16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf16be' },
] as const;

/** A file's text as it stands on disk, and how to write it back. */
export type DiskText = { readonly text: string; readonly bytes: Uint8Array; readonly encoding: string };

/** The document of a resource if the editor holds it, shown or not. */
export function openDocument(uri: Uri): TextDocument | undefined {
  const key = uri.toString();
  return workspace.textDocuments.find((d) => !d.isClosed && d.uri.toString() === key);
}

/** @throws ToolError unless `uri` is a regular file of a size that is safe to hold, and writable when it is to be written. */
export async function checkFile(uri: Uri, path: string, forWriting: boolean): Promise<void> {
  const stat = await statOf(uri, path);
  if (!stat) throw missing(path);
  switch (kindOf(stat.type)) {
    case 'folder':
      throw new ToolError(l10n.t('{0} is a folder.', path), l10n.t('Name a file in it; the glob tool lists them.'));
    case 'other':
      throw special(path);
    case 'file':
      break;
  }
  if (stat.size > MAX_FILE_BYTES) {
    throw new ToolError(
      l10n.t('{0} has {1} MB; files over 10 MB are not loaded.', path, (stat.size / 1024 / 1024).toFixed(1)),
      l10n.t('Search it with grep, or take a part of it with a shell command.'),
    );
  }
  // The disk's provider reports a write-protected file as locked, a value that the public type does not name.
  if (forWriting && (stat.permissions ?? 0) >= FilePermission.Readonly) throw readOnly(path);
}

export async function statOf(uri: Uri, path: string) {
  try {
    return await workspace.fs.stat(uri);
  } catch (error) {
    const failure = fileFailure(path, error);
    if (isAbsence(error)) return undefined;
    throw failure;
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'FileNotFound' || error.code === 'FileNotADirectory');
}

/** Reads and decodes the file as the editor would. @throws ToolError when it is not text. */
export async function readDisk(uri: Uri, path: string): Promise<DiskText> {
  let bytes: Uint8Array;
  try {
    bytes = await workspace.fs.readFile(uri);
  } catch (error) {
    throw fileFailure(path, error);
  }
  const marked = MARKS.find((mark) => mark.bytes.every((byte, i) => bytes[i] === byte))?.encoding;
  const encoding = openDocument(uri)?.encoding ?? marked;
  const text = await decode(uri, path, bytes, encoding);
  return { text, bytes, encoding: encoding ?? (workspace.getConfiguration('files', uri).get<string>('encoding') || 'utf8') };
}

async function decode(uri: Uri, path: string, bytes: Uint8Array, encoding: string | undefined): Promise<string> {
  const binary = new ToolError(l10n.t('{0} is a binary file.', path), l10n.t('Look at it with a suitable shell command instead.'));
  try {
    const text = await (encoding ? workspace.decode(bytes, { encoding }) : workspace.decode(bytes, { uri }));
    if (text.slice(0, 8_000).includes('\0')) throw binary;
    return text;
  } catch {
    throw binary;
  }
}

/** Whether bytes were no text in the encoding and stand as marks; one that was typed is none of these. */
export function isBrokenText({ text, encoding, bytes }: DiskText): boolean {
  return text.includes('\uFFFD') && !(encoding.startsWith('utf8') && isUtf8(bytes));
}

/** @throws ToolError when writing the text back would destroy bytes that its encoding could not represent. */
export function refuseBrokenText(path: string, disk: DiskText): void {
  if (!isBrokenText(disk)) return;
  throw new ToolError(
    l10n.t('{0} holds bytes that are not valid {1}: saving it as text would damage them.', path, disk.encoding),
    l10n.t(
      'Ask the user to reopen it with its real encoding or to set "files.encoding" for it, or change it with a shell command that works on bytes.',
    ),
  );
}

/** @throws ToolError when an edit brings characters that the file's encoding has none for: saving would make them question marks. */
export async function refuseUnwritable(path: string, encoding: string, before: string, after: string): Promise<void> {
  if (encoding.startsWith('utf') || (await survives(after, encoding)) || !(await survives(before, encoding))) return;
  throw new ToolError(
    l10n.t('{0} is encoded in {1}, which has no place for some of the new characters; nothing was written.', path, encoding),
    l10n.t('Use characters that this encoding has, or ask the user to save the file as UTF-8 first.'),
  );
}

async function survives(text: string, encoding: string): Promise<boolean> {
  return (await workspace.decode(await workspace.encode(text, { encoding }), { encoding })) === text;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Waits until a clean document shows `text`, whatever its line endings; false when it does not in time. */
export async function caughtUp(document: TextDocument, text: string): Promise<boolean> {
  const wanted = bare(text);
  const there = () => document.isDirty || bare(document.getText()) === wanted;
  if (there()) return true;
  return new Promise((resolve) => {
    const done = (result: boolean) => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(result);
    };
    const timer = setTimeout(() => done(there()), CATCH_UP_MS);
    const subscription = workspace.onDidChangeTextDocument((e) => {
      if (e.document === document && there()) done(true);
    });
  });
}

const bare = (text: string) => (mainEnding(text) === undefined ? text : withEnding(text, '\n'));
