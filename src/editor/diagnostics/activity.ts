import { type Disposable, languages, type Uri, workspace } from 'vscode';

/** How slow a language's server may be before its silence means that nothing changed. */
const QUIET_MS = 300;
const SILENCE_MS = 1_200;
const UNKNOWN_SILENCE_MS = 4_000;
const MAX_SILENCE_MS = 8_000;
/** For a file whose server was asked directly: what may still come is a linter's word. */
const ASKED_SILENCE_MS = 600;
const POLL_MS = 25;

export type Answer =
  /** Problems were published for the newest version. */
  | 'answered'
  /** Nothing was published, by a server that has shown that it would have been by now. */
  | 'silent'
  /** Nothing was published, and nothing ever has been for this language. */
  | 'nobody'
  /** The time was up first. */
  | 'late';

/**
 * Keeps the times of the last change and of the last published problems of each document. A server that has nothing
 * new to say publishes nothing, so silence must be told from slowness: by how fast the language has answered so far.
 */
export type Activity = Disposable & {
  /** Something was published for this resource since the window opened. */
  heard(uri: Uri): boolean;
  /** `asked`: those whose server has given its answer already. */
  wait(uris: readonly Uri[], asked: readonly Uri[], ms: number, signal: AbortSignal): Promise<ReadonlyMap<string, Answer>>;
};

type Language = { answers: number; slowest: number; asked: boolean };

export function createActivity(now: () => number): Activity {
  const changed = new Map<string, number>();
  const published = new Map<string, number>();
  const byLanguage = new Map<string, Language>();
  const languageOf = (key: string): Language => {
    const id = workspace.textDocuments.find((d) => d.uri.toString() === key)?.languageId ?? extensionOf(key);
    const known = byLanguage.get(id) ?? { answers: 0, slowest: 0, asked: false };
    byLanguage.set(id, known);
    return known;
  };

  const subscriptions = [
    workspace.onDidChangeTextDocument((e) => {
      if (e.contentChanges.length > 0) changed.set(e.document.uri.toString(), now());
    }),
    workspace.onDidCloseTextDocument((document) => changed.delete(document.uri.toString())),
    languages.onDidChangeDiagnostics(({ uris }) => {
      for (const uri of uris) {
        const key = uri.toString();
        const before = published.get(key) ?? 0;
        const change = changed.get(key);
        published.set(key, now());
        const language = languageOf(key);
        language.answers++;
        // Only the first answer to a change tells how fast the server is.
        if (change !== undefined && before < change)
          language.slowest = Math.max(language.slowest, Math.min(now() - change, MAX_SILENCE_MS / 2));
      }
    }),
  ];

  function patienceFor(key: string, asked: boolean): number {
    const language = languageOf(key);
    if (asked) return ASKED_SILENCE_MS;
    if (language.answers > 0) return Math.max(SILENCE_MS, Math.min(2 * language.slowest, MAX_SILENCE_MS));
    return language.asked ? SILENCE_MS : UNKNOWN_SILENCE_MS;
  }

  function answerOf(key: string, asked: boolean, started: number): Answer | undefined {
    const change = changed.get(key) ?? started;
    const last = published.get(key);
    if (last !== undefined && last >= change) return now() - last >= QUIET_MS ? 'answered' : undefined;
    if (now() - change < patienceFor(key, asked)) return undefined;
    return languageOf(key).answers > 0 ? 'silent' : 'nobody';
  }

  return {
    heard: (uri) => published.has(uri.toString()),
    async wait(uris, asked, ms, signal) {
      const started = now();
      const answers = new Map<string, Answer>();
      for (;;) {
        signal.throwIfAborted();
        for (const uri of uris) {
          const key = uri.toString();
          const answer = answerOf(key, asked.includes(uri), started);
          if (answer) answers.set(key, answer);
        }
        if (answers.size === new Set(uris.map(String)).size) break;
        if (now() - started >= ms) break;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      for (const uri of uris) {
        const key = uri.toString();
        if (!answers.has(key)) answers.set(key, 'late');
        languageOf(key).asked = true;
      }
      return answers;
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function extensionOf(key: string): string {
  return /\.([^./]+)$/.exec(key)?.[1] ?? '';
}
