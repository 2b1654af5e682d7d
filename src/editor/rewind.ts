import * as vscode from 'vscode';
import type { RewindPlan } from '../core/recovery/rewind';
import type { Checkpoint, Rewinding } from '../core/recovery/rewinder';
import type { Session } from '../core/session';
import type { RewindPart } from '../protocol/event-parts';
import type { AgentEvent } from '../protocol/events';
import { isRunning } from '../protocol/workflow';

/** Files named in the question; more are counted. */
const NAMED = 12;

type Panel = {
  /** Puts the message that was gone back behind into the composer, to be said differently. */
  compose(message: Extract<AgentEvent, { type: 'user_message' }>): void;
};

/** Goes back to an earlier message: shows what would change, asks, does it, and says what was left alone. */
export async function rewind(session: Session, to: number, { compose }: Panel): Promise<void> {
  const message = session.events().find((e) => e.seq === to);
  if (message?.type !== 'user_message') return;
  if (isRunning(session.state().workflow)) return void vscode.window.showInformationMessage(vscode.l10n.t('Stop the run first.'));
  const plan = await session.rewinder.preview(to);
  const what = await ask(message.text, plan);
  if (!what) return;
  const done = await session.rewinder.rewind(to, what, plan);
  if (!done) {
    const text = vscode.l10n.t('Nothing was changed: a run has begun, or that message is no longer part of the conversation.');
    return void vscode.window.showInformationMessage(text);
  }
  if (what !== 'files') compose(message);
  tell(done);
}

export async function redoRewind(session: Session): Promise<void> {
  const done = await session.rewinder.redo();
  if (done) return tell(done);
  const text = vscode.l10n.t('There is no rewind to take back, or something was said since.');
  void vscode.window.showInformationMessage(text);
}

/** Lets the user choose one of the messages of a conversation, newest first. */
export async function pickCheckpoint(checkpoints: readonly Checkpoint[], title: string): Promise<number | undefined> {
  const items = checkpoints.map(({ seq, at, text }) => ({ label: firstLine(text), description: new Date(at).toLocaleString(), seq }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('To just before which message?') }))?.seq;
}

async function ask(message: string, plan: RewindPlan): Promise<RewindPart | undefined> {
  const files = { title: vscode.l10n.t('Files only'), what: 'files' as const };
  const conversation = { title: vscode.l10n.t('Conversation only'), what: 'conversation' as const };
  const both = { title: vscode.l10n.t('Files and conversation'), what: 'both' as const };
  const choices = plan.files.length > 0 ? [both, files, conversation] : [conversation];
  const title = vscode.l10n.t('Go back to just before “{0}”?', firstLine(message));
  return (await vscode.window.showWarningMessage(title, { modal: true, detail: describe(plan) }, ...choices))?.what;
}

/** The preview: every file by name, with what would happen to it. */
function describe({ files, left, missed }: RewindPlan): string {
  const rows = files.map((file) => {
    const by = file.byCommand ? vscode.l10n.t(', changed by a command') : '';
    return `${short(file.path)}: ${verb(file)}${by}`;
  });
  const alone = left.map(({ path, why }) => `${short(path)}: ${why}`);
  const parts = [
    files.length === 0 ? vscode.l10n.t('No file would change.') : named(vscode.l10n.t('Files that would change:'), rows),
    left.length === 0 ? '' : named(vscode.l10n.t('Left as they are:'), alone),
    missed.length === 0 ? '' : named(vscode.l10n.t('There may be more changes than these:'), missed),
    vscode.l10n.t(
      'Going back in the conversation sends what comes next without the cache after that point. Both can be taken back until you say something new.',
    ),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function verb({ before, after, merged }: RewindPlan['files'][number]): string {
  if (after.is === 'absent') return vscode.l10n.t('removed');
  if (before.is === 'absent') return vscode.l10n.t('brought back');
  return merged ? vscode.l10n.t('put back, with your own changes kept') : vscode.l10n.t('put back');
}

function tell({ files, left }: Rewinding): void {
  if (left.length === 0) return;
  const rows = left.map(({ path, why }) => `${short(path)}: ${why}`);
  const text = vscode.l10n.t('{0} files were put back. Left as they are: {1}', files.length, rows.slice(0, NAMED).join('; '));
  void vscode.window.showWarningMessage(text);
}

function named(head: string, rows: readonly string[]): string {
  const more = rows.length - NAMED;
  return [head, ...rows.slice(0, NAMED), ...(more > 0 ? [vscode.l10n.t('and {0} more', more)] : [])].join('\n');
}

function short(path: string): string {
  return vscode.workspace.asRelativePath(path);
}

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
