import { commands } from 'vscode';
import type { PanelCommand } from '../../protocol/messages';

const COMMANDS: Readonly<Record<PanelCommand, readonly [command: string, ...args: readonly unknown[]]>> = {
  set_key: ['plumb.setKey'],
  set_model: ['plumb.setModel'],
  settings: ['plumb.openSettings'],
  server: ['workbench.action.openSettings', 'plumb.baseUrl'],
  walkthrough: ['plumb.openWalkthrough'],
  show_log: ['plumb.showLog'],
  open_in_editor: ['plumb.openInEditor'],
  open_folder: ['vscode.openFolder'],
  manage_trust: ['workbench.trust.manage'],
};

/** What a button of the panel stands for. */
export async function runPanelCommand(name: PanelCommand): Promise<void> {
  const [command, ...args] = COMMANDS[name];
  await commands.executeCommand(command, ...args);
}
