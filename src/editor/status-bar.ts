import * as vscode from 'vscode';
import { isRunning } from '../protocol/workflow';
import type { PanelReview } from './panel/host';
import type { PanelViews } from './panel/view';
import type { SessionController } from './session-controller';

/** One item that says what Plumb does now; it calls for attention only when somebody is waited for. */
export function registerStatusBar(controller: SessionController, review: PanelReview, views: PanelViews): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('plumb.status', vscode.StatusBarAlignment.Right, 90);
  item.name = 'Plumb';
  let told = 0;

  function update(): void {
    const states = controller.live().map((l) => l.session.state());
    const waiting = states.reduce((n, s) => n + s.asks.length + s.questions.length, 0);
    const pending = review.pending().length;
    const parts = [states.some((s) => isRunning(s.workflow)) ? '$(sync~spin)' : '$(comment-discussion)', 'Plumb'];
    if (pending > 0) parts.push(`$(diff) ${pending}`);
    item.text = waiting > 0 ? `$(bell-dot) ${vscode.l10n.t('Plumb waits for you')}` : parts.join(' ');
    item.command = waiting > 0 ? 'plumb.focusPermission' : 'plumb.focus';
    item.tooltip = pending > 0 ? vscode.l10n.t('{0} files with changes to review', pending) : vscode.l10n.t('Open the chat');
    item.backgroundColor = waiting > 0 ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    views.setBadge(waiting, vscode.l10n.t('Plumb waits for you'));
    if (waiting > told && !views.visible()) void notify();
    told = waiting;
  }

  async function notify(): Promise<void> {
    const show = vscode.l10n.t('Show');
    const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('Plumb waits for your word.'), show);
    if (chosen === show) await views.reveal('dock');
  }

  update();
  item.show();
  const interesting = new Set([
    'state_changed',
    'permission_asked',
    'permission_decided',
    'question_asked',
    'question_answered',
    'run_ended',
  ]);
  const stops = [controller.onEvent((event) => interesting.has(event.type) && update()), controller.onShown(update)];
  return vscode.Disposable.from(item, review.onPending(update), ...stops.map((dispose) => ({ dispose })));
}
