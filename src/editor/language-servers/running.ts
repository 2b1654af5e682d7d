import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { messageOf } from '../../core/errors';
import type { LanguageServer } from '../../protocol/settings';

/** A server that ends this often within its time is left alone until the user restarts it. */
const RESTARTS = 3;
/** How long a stop waits for a server that is still starting. */
const START_MS = 5_000;

export type Running = {
  readonly id: string;
  /** In words, for the list: running, starting, or why it is not. */
  status(): string;
  showLog(): void;
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * One server that the user configured, over stdio. What it finds shows in the editor and reaches the agent as any other
 * server's problems and symbols. It is restarted a few times and never for ever.
 */
export function runServer(
  id: string,
  config: LanguageServer,
  channel: vscode.LogOutputChannel,
  onProblem: (text: string) => void,
): Running {
  let client: LanguageClient | undefined;
  let status = vscode.l10n.t('starting');
  let ended = 0;
  let starting: Promise<void> = Promise.resolve();

  async function start(): Promise<void> {
    // Loaded with the first server only: most people have none.
    const { CloseAction, ErrorAction, LanguageClient: Client, State, TransportKind } = await import('vscode-languageclient/node');
    const run = { command: config.command, args: [...config.args], transport: TransportKind.stdio, options: { env: { ...config.env } } };
    client = new Client(`plumb.${id}`, id, run, {
      documentSelector: config.languages.map((language) => ({ scheme: 'file', language })),
      outputChannel: channel,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          ended += 1;
          if (ended <= RESTARTS) return { action: CloseAction.Restart, handled: true };
          failed(vscode.l10n.t('it ended {0} times', ended));
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
    });
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) status = vscode.l10n.t('running');
    });
    try {
      await client.start();
    } catch (error) {
      failed(messageOf(error));
    }
  }

  function failed(why: string): void {
    status = vscode.l10n.t('stopped: {0}', why);
    channel.error(why);
    onProblem(
      vscode.l10n.t(
        'The language server {0} ({1}) does not run: {2}. Check plumb.languageServers, then restart it.',
        id,
        config.command,
        why,
      ),
    );
  }

  async function stop(): Promise<void> {
    const stopping = client;
    client = undefined;
    // A client that is still starting can not be stopped; one that never gets there is left to its own end.
    await Promise.race([starting, new Promise((resolve) => setTimeout(resolve, START_MS))]);
    try {
      if (stopping?.needsStop()) await stopping.stop();
    } catch (error) {
      channel.error(messageOf(error));
    }
    status = vscode.l10n.t('stopped');
  }

  starting = start();
  return {
    id,
    status: () => status,
    showLog: () => channel.show(),
    async restart() {
      ended = 0;
      await stop();
      starting = start();
      await starting;
    },
    stop,
  };
}
