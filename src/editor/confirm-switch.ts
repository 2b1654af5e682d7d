import * as vscode from 'vscode';
import { warmTokens } from '../core/context/cache-watch';
import type { Session } from '../core/session';

/** Below this a switch costs too little to ask about. */
export const WORTH_TOKENS = 20_000;

/** Before a switch of the model that leaves a large cache behind: says what it costs. True when it may be done. */
export async function confirmSwitch(session: Session, model: string): Promise<boolean> {
  const tokens = warmTokens(session.state(), Date.now());
  if (model === session.state().model || tokens < WORTH_TOKENS) return true;
  const go = vscode.l10n.t('Switch');
  const detail = vscode.l10n.t(
    'The present model has {0} tokens of this conversation in its cache. Another one reads them all anew, at about ten times the price. In a few minutes, or in a new session, the switch costs nothing extra.',
    tokens.toLocaleString(),
  );
  return (await vscode.window.showWarningMessage(vscode.l10n.t('Switch the model now?'), { modal: true, detail }, go)) === go;
}
