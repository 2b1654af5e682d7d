import * as vscode from 'vscode';
import type { SessionInfo } from '../../core/ports/store';
import type { SessionRow } from '../../protocol/messages';
import { isRunning } from '../../protocol/workflow';
import type { SessionController } from '../session-controller';

/** A session as the list shows it: of this window as it stands now, of others as their log says. */
export function rowOf(info: SessionInfo, controller: SessionController): SessionRow {
  const live = controller.live().find((l) => l.session.id === info.id);
  const state = live?.session.state();
  const folders = (vscode.workspace.workspaceFolders ?? []).map((f) => f.uri.fsPath);
  const base = {
    id: info.id,
    title: state?.title || info.title,
    updatedAt: info.updatedAt,
    turns: info.turns,
    cost: info.cost,
    here: info.roots.some((r) => folders.includes(r)),
  };
  if (state) {
    if (state.asks.length > 0 || state.questions.length > 0) return { ...base, state: 'waiting' };
    if (isRunning(state.workflow)) return { ...base, state: 'running' };
    return { ...base, state: state.workflow.at === 'interrupted' ? 'interrupted' : 'ended' };
  }
  if (info.held) return { ...base, state: 'elsewhere' };
  return { ...base, state: info.state === 'idle' ? 'ended' : info.state };
}
