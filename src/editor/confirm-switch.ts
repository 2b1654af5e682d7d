import * as vscode from 'vscode';
import { warnedTokens } from '../core/context/cache-watch';
import type { Session } from '../core/session';

/** Before a switch of the model that leaves a large cache behind: says what it costs. True when it may be done. */
export async function confirmSwitch(session: Session, model: string): Promise<boolean> {
  const tokens = model === session.state().model ? 0 : warnedTokens([session.state()], Date.now());
  if (tokens === 0) return true;
  const go = vscode.l10n.t('Switch');
  const detail = vscode.l10n.t(
    'The present model has {0} tokens of this conversation in its cache. Another one reads them all anew, at about ten times the price. In a few minutes, or in a new session, the switch costs nothing extra.',
    tokens.toLocaleString(),
  );
  return (await vscode.window.showWarningMessage(vscode.l10n.t('Switch the model now?'), { modal: true, detail }, go)) === go;
}
