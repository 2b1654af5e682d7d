import * as vscode from 'vscode';

const NAME = 'plumb.apiKey';
const OPERATOR = 'plumb.operator';

/** The API key: in the editor's SecretStorage and nowhere else; where that takes none, in the memory of this window. */
export type KeyStore = {
  /** None where the secret storage can not be read, which is told to `onProblem`. */
  get(): Promise<string | undefined>;
  /** Asks for a key; none when the user backed out. */
  ask(): Promise<string | undefined>;
  /** `held` when the secret storage did not take it, so that it goes with the window. */
  keep(key: string): Promise<'kept' | 'held'>;
  /** @throws Error when the secret storage does not let go of it */
  remove(): Promise<void>;
  /** The secret that the keys of this user's agents come from: the one that is kept, or `fresh` from now on. */
  take(fresh: string): Promise<string>;
  onChange(listener: () => void): vscode.Disposable;
};

export function createKeyStore(secrets: vscode.SecretStorage, onProblem: (error: unknown) => void): KeyStore {
  let held: string | undefined;

  async function stored(key: string): Promise<boolean> {
    try {
      await secrets.store(NAME, key);
      // Some storages take everything and keep nothing.
      return (await secrets.get(NAME)) === key;
    } catch (error) {
      onProblem(error);
      return false;
    }
  }

  return {
    async get() {
      if (held !== undefined) return held;
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
      return key?.trim() || undefined;
    },
    async keep(key) {
      held = (await stored(key)) ? undefined : key;
      return held === undefined ? 'kept' : 'held';
    },
    async remove() {
      held = undefined;
      await secrets.delete(NAME);
    },
    async take(fresh) {
      try {
        const kept = await secrets.get(OPERATOR);
        if (kept && /^[0-9a-f]{64}$/.test(kept)) return kept;
        await secrets.store(OPERATOR, fresh);
        // Another window may have been first.
        return (await secrets.get(OPERATOR)) ?? fresh;
      } catch (error) {
        onProblem(error);
        return fresh;
      }
    },
    onChange: (listener) => secrets.onDidChange((e) => e.key === NAME && listener()),
  };
}
