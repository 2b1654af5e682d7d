import * as vscode from 'vscode';
import { warnedTokens } from '../core/context/cache-watch';
import type { SessionController } from './session-controller';
import type { EditorSettings } from './settings';

/** A changed effort has the service read the conversation anew, and is set where nothing shows that: it is said at once, with the way back. */
export function warnOfEffort(settings: EditorSettings, controller: SessionController): vscode.Disposable {
  let effort = settings.current().effort;
  return settings.onChange(() => {
    const before = effort;
    effort = settings.current().effort;
    const states = controller.live().map(({ session }) => session.state());
    const tokens = effort === before ? 0 : warnedTokens(states, Date.now());
    if (tokens > 0) void warn(before, effort, tokens);
  });
}

async function warn(before: string, now: string, tokens: number): Promise<void> {
  const back = vscode.l10n.t('Put it back');
  const text = vscode.l10n.t(
    'The effort of Plumb is {0} now. The service has {1} tokens of the conversation in its cache, and reads them anew with the next message, at about ten times the price.',
    now,
    tokens.toLocaleString(),
  );
  if ((await vscode.window.showWarningMessage(text, back)) !== back) return;
  const config = vscode.workspace.getConfiguration('plumb');
  const at = config.inspect<string>('effort');
  const target = at?.workspaceValue === now ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await config.update('effort', before === at?.defaultValue ? undefined : before, target);
}
