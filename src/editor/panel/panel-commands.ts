import { commands, env } from 'vscode';
import type { PanelCommand } from '../../protocol/messages';

const COMMANDS: Readonly<Record<PanelCommand, readonly [command: string, ...args: readonly unknown[]]>> = {
  set_key: ['plumb.setKey'],
  set_model: ['plumb.setModel'],
  settings: ['plumb.openSettings'],
  server: ['workbench.action.openSettings', { query: 'plumb.baseUrl' }],
  walkthrough: ['plumb.openWalkthrough'],
  show_log: ['plumb.showLog'],
  open_in_editor: ['plumb.openInEditor'],
  open_folder: ['vscode.openFolder'],
  manage_trust: ['workbench.trust.manage'],
};

/** What a button of the panel stands for. */
export async function runPanelCommand(name: PanelCommand): Promise<void> {
  // The address is a setting of the machine that Plumb runs on: in a remote window the user's own page does not show it.
  const remote = name === 'server' && env.remoteName !== undefined;
  const [command, ...args] = COMMANDS[name];
  await commands.executeCommand(remote ? 'workbench.action.openRemoteSettings' : command, ...args);
}
