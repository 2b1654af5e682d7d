import { l10n, window } from 'vscode';

/** The questions that a decision may raise. Behind an interface, since dialogs cannot be shown in tests. */
export type Prompts = {
  /** True when the user agrees; anything else is no. */
  confirm(message: string, detail: string, action: string): Promise<boolean>;
  /** Why something is undone; undefined when the user backs out. */
  reason(): Promise<string | undefined>;
  tell(message: string): void;
};

export const editorPrompts: Prompts = {
  async confirm(message, detail, action) {
    return (await window.showWarningMessage(message, { modal: true, detail }, action)) === action;
  },
  async reason() {
    return window.showInputBox({
      title: l10n.t('Undo and say why'),
      prompt: l10n.t('The agent is told what was undone, and this.'),
      placeHolder: l10n.t('For instance: keep the public name'),
    });
  },
  tell(message) {
    void window.showWarningMessage(message);
  },
};
