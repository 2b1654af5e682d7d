import * as vscode from 'vscode';
import { askedOtherwise, rereadPrice, warmTokens, warnedTokens } from '../core/context/cache-watch';
import type { ModelProfile } from '../core/ports';
import { dollars } from '../protocol/spend';
import type { SessionController } from './session-controller';
import type { EditorSettings } from './settings';

/** A changed effort has the service read the conversation anew, and is set where nothing shows that: it is said at once, with its price and the way back. */
export function warnOfEffort(
  settings: EditorSettings,
  controller: SessionController,
  models: () => readonly ModelProfile[],
): vscode.Disposable {
  let effort = settings.current().effort;
  return settings.onChange(() => {
    const before = effort;
    effort = settings.current().effort;
    if (effort === before) return;
    const now = Date.now();
    const states = controller.live().map(({ session }) => session.state());
    const [dearest] = askedOtherwise(states, effort).toSorted((a, b) => warmTokens(b, now) - warmTokens(a, now));
    const tokens = dearest ? warnedTokens([dearest], now) : 0;
    const profile = models().find(({ id }) => id === dearest?.model);
    if (tokens > 0) void warn(before, effort, tokens, profile);
  });
}

async function warn(before: string, now: string, tokens: number, profile: ModelProfile | undefined): Promise<void> {
  const back = vscode.l10n.t('Put it back');
  const warm = vscode.l10n.t(
    'The effort of Plumb is {0} now. The service has {1} tokens of the conversation in its cache, and reads them anew with the next message',
    now,
    tokens.toLocaleString(),
  );
  const price = rereadPrice(tokens, profile);
  const text = price
    ? vscode.l10n.t('{0}, for about {1} instead of {2}.', warm, dollars(price.anew), dollars(price.cached))
    : vscode.l10n.t('{0}, at about ten times the price.', warm);
  if ((await vscode.window.showWarningMessage(text, back)) !== back) return;
  const config = vscode.workspace.getConfiguration('plumb');
  const at = config.inspect<string>('effort');
  const target = at?.workspaceValue === now ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await config.update('effort', before === at?.defaultValue ? undefined : before, target);
}
