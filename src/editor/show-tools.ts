import * as vscode from 'vscode';
import type { Standing } from '../core/registry';

type Row = vscode.QuickPickItem & { readonly standing?: Standing };

/** Every tool, with what became of it and why [T1]: a list to search, and the whole text of one or of all as a document. */
export async function showTools(standings: readonly Standing[]): Promise<void> {
  const pick = vscode.window.createQuickPick<Row>();
  pick.title = vscode.l10n.t('Plumb: Tools of this session');
  pick.placeholder = vscode.l10n.t('Search by name, source or reason');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = rowsOf(standings);
  pick.buttons = [{ iconPath: new vscode.ThemeIcon('go-to-file'), tooltip: vscode.l10n.t('Open all as a document') }];
  const chosen = await new Promise<readonly Standing[] | null>((resolve) => {
    pick.onDidTriggerButton(() => resolve(standings));
    pick.onDidAccept(() => resolve(pick.selectedItems.flatMap((row) => (row.standing ? [row.standing] : []))));
    pick.onDidHide(() => resolve(null));
    pick.show();
  });
  pick.dispose();
  if (!chosen || chosen.length === 0) return;
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: chosen.map(pageOf).join('\n') });
  await vscode.window.showTextDocument(document, { preview: true });
}

function rowsOf(standings: readonly Standing[]): readonly Row[] {
  const group = (label: string, states: readonly Standing['state'][]): readonly Row[] => {
    const rows = standings.filter((one) => states.includes(one.state));
    return rows.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...rows.map(rowOf)];
  };
  return [
    ...group(vscode.l10n.t('In every request'), ['offered']),
    ...group(vscode.l10n.t('Loaded when the model looks for them'), ['loaded', 'held']),
    ...group(vscode.l10n.t('Not available'), ['closed', 'absent']),
  ];
}

function rowOf(standing: Standing): Row {
  const { name, source, why, state } = standing;
  return { label: `$(${ICONS[state]}) ${name}`, description: `${stateText(state)} · ${source}`, detail: sentence(why), standing };
}

const ICONS: Readonly<Record<Standing['state'], string>> = {
  offered: 'check',
  loaded: 'check-all',
  held: 'circle-large-outline',
  closed: 'circle-slash',
  absent: 'circle-slash',
};

function stateText(state: Standing['state']): string {
  switch (state) {
    case 'offered':
      return vscode.l10n.t('available');
    case 'loaded':
      return vscode.l10n.t('loaded');
    case 'held':
      return vscode.l10n.t('known by name');
    case 'closed':
      return vscode.l10n.t('refused since');
    case 'absent':
      return vscode.l10n.t('left out');
    default:
      return state satisfies never;
  }
}

function pageOf({ name, source, why, state, description }: Standing): string {
  return `## ${name}\n\n${stateText(state)}: ${why}. ${vscode.l10n.t('Source: {0}.', source)}\n\n${description}\n`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
