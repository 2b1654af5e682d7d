import * as vscode from 'vscode';
import { messageOf } from '../core/errors';

const NAME = 'plumb.apiKey';

/** The API key: in the editor's SecretStorage and nowhere else. */
export type KeyStore = {
  /** None where the secret storage can not be read, which is told to `onProblem`. */
  get(): Promise<string | undefined>;
  /** Asks for a key and keeps it; false when the user backed out. @throws Error when the secret storage does not take it */
  ask(): Promise<boolean>;
  remove(): Promise<void>;
  onChange(listener: () => void): vscode.Disposable;
};

export function createKeyStore(secrets: vscode.SecretStorage, onProblem: (error: unknown) => void): KeyStore {
  return {
    async get() {
      try {
        return await secrets.get(NAME);
      } catch (error) {
        onProblem(error);
        return undefined;
      }
    },
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
      try {
        await secrets.store(NAME, key.trim());
      } catch (error) {
        throw new Error(
          vscode.l10n.t(
            'The key was not kept, because the secret storage of the editor failed: {0}. Set ANTHROPIC_API_KEY in the environment of the editor instead.',
            messageOf(error),
          ),
        );
      }
      return true;
    },
    remove: async () => secrets.delete(NAME),
    onChange: (listener) => secrets.onDidChange((e) => e.key === NAME && listener()),
  };
}
