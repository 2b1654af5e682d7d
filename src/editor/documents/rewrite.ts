import { EndOfLine, l10n, Range, type TextDocument, type Uri, WorkspaceEdit, workspace } from 'vscode';
import { ToolError } from '../../core/errors';
import { withEnding } from '../../core/text/lines';
import { fileFailure } from './failures';
import { caughtUp, type DiskText, openDocument, readDisk, refuseBrokenText, refuseUnwritable } from './load';
import { changesBetween, hasMixedEndings, type TextChange } from './text-changes';
import { recordTyping } from './typing';

/**
 * The editor refuses an edit when the document moved since. At a change every 20 ms it takes three tries on average, on
 * a busy machine many more: both must be used up before an edit gives way to whoever keeps typing.
 */
const MAX_TRIES = 20;
const MAX_MS = 10_000;

export type Rewritten = {
  /** The text the edit was made to; what the user typed meanwhile elsewhere is in it, so that only our change differs. */
  readonly before: string;
  /** As it stands after saving. */
  readonly after: string;
};

export type RewriteOptions = {
  /** The text must stand exactly as given: what save participants make of it is taken back. */
  readonly exact?: boolean;
};

/**
 * Replaces the text of a file by `transform(current)` in the editor's own document, in the smallest ranges, and saves
 * it. A change that someone makes meanwhile makes the editor refuse ours: then it is worked out again on the newer text.
 * @throws ToolError when it cannot be saved; then the document is put back as it was.
 */
export async function rewrite(
  uri: Uri,
  path: string,
  transform: (current: string) => string,
  signal: AbortSignal,
  { exact = false }: RewriteOptions = {},
): Promise<Rewritten> {
  const begun = performance.now();
  for (let tries = 0; tries < MAX_TRIES || performance.now() - begun < MAX_MS; tries++) {
    signal.throwIfAborted();
    const held = openDocument(uri);
    if (!held?.isDirty) {
      const disk = await readDisk(uri, path);
      refuseBrokenText(path, disk);
      if (hasMixedEndings(disk.text) || (held && !(await caughtUp(held, disk.text)))) return rewriteDisk(uri, path, disk, transform);
    }
    const document = await open(uri, path);
    const landed = await tryOnce(document, path, transform, exact);
    if (landed) return landed;
  }
  throw new ToolError(
    l10n.t('{0} kept changing while it was to be edited.', path),
    l10n.t('Read it again; then try once more, or wait for the user to finish.'),
  );
}

async function open(uri: Uri, path: string): Promise<TextDocument> {
  try {
    return await workspace.openTextDocument(uri);
  } catch (error) {
    throw fileFailure(path, error);
  }
}

/** One attempt; `undefined` when the document had moved. */
async function tryOnce(
  document: TextDocument,
  path: string,
  transform: (current: string) => string,
  exact: boolean,
): Promise<Rewritten | undefined> {
  const current = document.getText();
  const next = withEnding(transform(current), document.eol === EndOfLine.CRLF ? '\r\n' : '\n');
  if (next === current) {
    if (document.isDirty) await save(document, path);
    return { before: current, after: document.getText() };
  }
  await refuseUnwritable(path, document.encoding, current, next);
  if (document.getText() !== current) return undefined;
  const edits = changesBetween(current, next);
  const recorder = recordTyping(document, edits, next);
  try {
    const applied = await workspace.applyEdit(editOf(document, edits));
    // `true` is known not to be airtight: without a trace of our change it counts as refused.
    if (!applied || !(recorder.arrived() || document.getText() === next)) return undefined;
    await saveOrPutBack(document, path, current, next);
    if (exact && !recorder.typed() && document.getText() !== next) await restoreExactly(document, path, next);
    return { before: recorder.before(), after: document.getText() };
  } finally {
    recorder.dispose();
  }
}

function editOf(document: TextDocument, changes: readonly TextChange[]): WorkspaceEdit {
  const edit = new WorkspaceEdit();
  for (const { offset, length, text } of changes) {
    edit.replace(document.uri, new Range(document.positionAt(offset), document.positionAt(offset + length)), text);
  }
  return edit;
}

async function save(document: TextDocument, path: string): Promise<void> {
  // `false` is also the answer when someone typed during the save, so what counts is whether our text got to disk.
  for (let tries = 0; tries < 3; tries++) {
    if (await document.save()) return;
    if (!document.isDirty) return;
  }
  throw new ToolError(
    l10n.t('{0} could not be saved: it changed on disk while the editor holds unsaved changes, or it is write-protected.', path),
    l10n.t('Ask the user to save or revert it in the editor, then read it again.'),
  );
}

async function saveOrPutBack(document: TextDocument, path: string, before: string, after: string): Promise<void> {
  try {
    await save(document, path);
  } catch (error) {
    if (document.getText() === after) await workspace.applyEdit(editOf(document, changesBetween(after, before)));
    throw error;
  }
}

/**
 * Past the document, bytes to bytes: for text whose line endings a document would make uniform, and for a document
 * that does not follow its file (a folder that the editor does not watch). Nothing unsaved is lost: the document is clean.
 */
async function rewriteDisk(uri: Uri, path: string, disk: DiskText, transform: (current: string) => string): Promise<Rewritten> {
  const after = transform(disk.text);
  await refuseUnwritable(path, disk.encoding, disk.text, after);
  if (after !== disk.text) await writeText(uri, path, after, disk.encoding);
  const held = openDocument(uri);
  if (held) await caughtUp(held, after);
  return { before: disk.text, after };
}

/** Writes the whole text in an encoding, without save participants. */
export async function writeText(uri: Uri, path: string, text: string, encoding: string): Promise<void> {
  try {
    await workspace.fs.writeFile(uri, await workspace.encode(text, { encoding }));
  } catch (error) {
    throw fileFailure(path, error);
  }
}

/** Makes a file read exactly `text` again after participants of a save had changed it. Only when nothing unsaved is in it. */
async function restoreExactly(document: TextDocument, path: string, text: string): Promise<void> {
  if (document.isDirty) return;
  await writeText(document.uri, path, text, document.encoding);
  await caughtUp(document, text);
}
