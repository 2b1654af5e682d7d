import * as vscode from 'vscode';

const NAME = 'plumb.apiKey';

/** The API key: in the editor's SecretStorage and nowhere else. */
export type KeyStore = {
  get(): Thenable<string | undefined>;
  /** Asks for a key and keeps it; false when the user backed out. */
  ask(): Promise<boolean>;
  remove(): Promise<void>;
  onChange(listener: () => void): vscode.Disposable;
};

export function createKeyStore(secrets: vscode.SecretStorage): KeyStore {
  return {
    get: () => secrets.get(NAME),
    async ask() {
      const key = await vscode.window.showInputBox({
        title: vscode.l10n.t('Plumb: Set API key'),
        prompt: vscode.l10n.t('The key of your Anthropic account. It is kept in the secret storage of the editor.'),
        password: true,
        ignoreFocusOut: true,
        validateInput: (value) =>
          value.trim().length > 0 && /\s/.test(value.trim()) ? vscode.l10n.t('A key has no spaces in it.') : undefined,
      });
      if (!key?.trim()) return false;
      await secrets.store(NAME, key.trim());
      return true;
    },
    remove: async () => secrets.delete(NAME),
    onChange: (listener) => secrets.onDidChange((e) => e.key === NAME && listener()),
  };
}
