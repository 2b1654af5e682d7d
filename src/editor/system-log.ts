import * as vscode from 'vscode';
import { systemRecords } from '../core/observe/system-record';
import type { AgentEvent } from '../protocol/events';
import type { SystemRecord } from '../protocol/system-log';

/** Writes the system log, and shows it in the output channel, whose own filters narrow it by level and words. */
export function observeInto(channel: vscode.LogOutputChannel, file: { write(record: SystemRecord): void }): (event: AgentEvent) => void {
  return (event) => {
    for (const record of systemRecords(event)) {
      file.write(record);
      const ids = [record.session.slice(0, 8), record.turn, record.call].filter((id) => id !== undefined).join(' ');
      channel[record.level](`[${ids}] ${record.kind}: ${record.text}`);
    }
  };
}

/** False where the editor keeps no log file of the channel, and so has nothing to show in it: in the browser, for one. */
export async function hasLogFile(folder: vscode.Uri, channel: vscode.LogOutputChannel): Promise<boolean> {
  const file = vscode.Uri.joinPath(folder, `${channel.name}.log`);
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false, // it is not there, or its folder is not
  );
}

/** The kept records as a document, oldest first: to read, to search, to save elsewhere. */
export async function exportSystemLog(records: readonly SystemRecord[]): Promise<void> {
  const content = records.map((record) => JSON.stringify(record)).join('\n');
  const document = await vscode.workspace.openTextDocument({ language: 'jsonl', content });
  await vscode.window.showTextDocument(document, { preview: false });
}
