import * as vscode from 'vscode';
import { rereadPrice, warnedTokens } from '../core/context/cache-watch';
import type { ModelProfile } from '../core/ports';
import type { Session } from '../core/session';
import { dollars } from '../protocol/spend';

/** Before a switch of the model that leaves a large cache behind: says what it costs. True when it may be done. */
export async function confirmSwitch(session: Session, model: string, models: readonly ModelProfile[]): Promise<boolean> {
  const tokens = model === session.state().model ? 0 : warnedTokens([session.state()], Date.now());
  if (tokens === 0) return true;
  const go = vscode.l10n.t('Switch');
  const price = rereadPrice(
    tokens,
    models.find(({ id }) => id === model),
  );
  const cost = price ? vscode.l10n.t('for about {0}', dollars(price.anew)) : vscode.l10n.t('at about ten times the price');
  const detail = vscode.l10n.t(
    'The present model has {0} tokens of this conversation in its cache. Another one reads them all anew, {1}. In a few minutes, or in a new session, the switch costs nothing extra.',
    tokens.toLocaleString(),
    cost,
  );
  return (await vscode.window.showWarningMessage(vscode.l10n.t('Switch the model now?'), { modal: true, detail }, go)) === go;
}
