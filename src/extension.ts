import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { createInitSteps } from './core/observe/init-steps';
import { holdEnvironment } from './core/observe/redact';
import { initRecord } from './core/observe/system-record';
import { DEMO_MODEL } from './demo/model-name';
import { COMMANDS } from './editor/commands';
import { createConnector } from './editor/connector';
import { createEditorDiagnostics } from './editor/diagnostics';
import { createEditorDocuments } from './editor/documents';
import { createLandings } from './editor/documents/landings';
import { createExtensionTools } from './editor/extension-tools';
import { openKeptState, stateFolderOf } from './editor/kept-state';
import { createKeyStore } from './editor/key';
import { registerLanguageServers } from './editor/language-servers/language-servers';
import { onLocalDisk } from './editor/local-disk';
import { createLogView } from './editor/log-view/log-view';
import { createPanel } from './editor/panel/panel';
import { createPicks } from './editor/picks';
import { REVIEW_COMMANDS } from './editor/review/commands';
import { createReview } from './editor/review/review';
import { createSessions } from './editor/sessions';
import { createEditorSettings } from './editor/settings';
import { createEditorSymbols } from './editor/symbols';
import { hasLogFile, observeInto } from './editor/system-log';
import { registerWorkbench } from './editor/workbench';
import { createWorkspaceFacts } from './editor/workspace-facts';
import { createSwitch } from './model/switch';
import { makeFolder } from './node/folders';
import { createKeptFiles } from './node/kept-files';
import { createLogTail } from './node/log-tail';
import { createMachine } from './node/machine';
import { allTools } from './tools/index';

/** With it comes the SDK: not before it is needed, so that the window is not held up while it starts. */
const loadService = () => import('./model/service');

let stop: (() => Promise<void>) | undefined;

/** The composition root: builds the adapters, wires them, and gives every disposable to the editor. */
export async function activate(context: vscode.ExtensionContext): Promise<unknown> {
  const log = vscode.window.createOutputChannel('Plumb', { log: true });
  const steps = createInitSteps(() => performance.now());
  const fault = (error: unknown) => log.error(String(error));
  const settings = createEditorSettings();
  const { storagePath, shellPath, ripgrepPath, languageServers: servers } = settings.current();
  for (const { env } of [process, ...Object.values(servers)]) holdEnvironment(env);
  const storage = storagePath || join(homedir(), '.plumb');
  const shipped = [join(context.extensionPath, 'dist')];
  const keys = createKeyStore(context.secrets, fault);
  const machine = createMachine({ storage, shellPath, ripgrepPath, appRoot: vscode.env.appRoot, shipped, secret: keys, onProblem: fault });
  const { store, hash, locate, writable, setMode, shell, systemLog, verifier } = machine;
  const stateFolder = stateFolderOf(storage, hash);
  if (stateFolder) await makeFolder(stateFolder.fsPath).catch(fault);
  const kept = await openKeptState(stateFolder && createKeptFiles(stateFolder.fsPath), context.workspaceState, fault);
  steps.done('Settings and kept state');
  const landings = createLandings();
  const documents = createEditorDocuments({ locate, writable, setMode, hash, landings });
  const review = createReview({ storage: stateFolder, landings, hash, log });
  const diagnostics = createEditorDiagnostics();
  const symbols = createEditorSymbols();
  const picks = createPicks();
  const model = createSwitch();
  const connector = createConnector({
    configured: async () => {
      const { serviceFrom } = await loadService();
      return serviceFrom({ env: process.env, storedKey: await keys.get(), settingBaseUrl: settings.current().baseUrl });
    },
    async startDemo() {
      const [{ startDemoModel }, { createModelClient }] = await Promise.all([import('./demo/start'), import('./model/client')]);
      const { url, close } = await startDemoModel();
      return { client: createModelClient({ baseUrl: url }), close };
    },
    use: model.set,
    onProblem: (error) => log.warn(`The list of models could not be read: ${String(error)}`),
  });

  steps.done('Review, documents and model');
  const facts = createWorkspaceFacts(process.platform, shell.kind);
  const { controller, tools } = createSessions({
    connector,
    kept,
    ports: { ...onLocalDisk(machine), model: model.client, documents, rules: settings.rules, diagnostics, symbols, review },
    tools: async () => allTools({ kind: shell.kind, programs: await shell.programs() }),
    sources: [createExtensionTools(() => settings.current().extensionTools)],
    settings: () => {
      const demo = connector.state().connection.kind === 'demo';
      return { ...picks.over(settings.current()), ...(demo ? { model: DEMO_MODEL, maxCost: 0, maxRunCost: 0 } : {}) };
    },
    problems: settings.problems,
    facts,
    cwd: facts.roots[0] ?? homedir(),
    modelBy: () => (connector.state().connection.kind === 'demo' ? 'the demo' : picks.model ? 'the choice in the panel' : undefined),
    observe: observeInto(log, systemLog),
    app: String(context.extension.packageJSON.version),
  });
  const shared = { controller, connector, settings, review, log, picks, kept };
  const panel = createPanel({ ...shared, documents, extension: context.extensionUri });
  const logView = createLogView({ extension: context.extensionUri, tail: () => createLogTail(storage), flush: systemLog.flush, log });
  const languageServers = registerLanguageServers(() => settings.current().languageServers);
  context.subscriptions.push(
    log,
    review,
    diagnostics,
    languageServers,
    ...panel.disposables,
    ...logView.disposables,
    registerWorkbench({
      ...shared,
      ...panel,
      ...{ keys, store, systemLog, verifier, languageServers, tools, logView },
      hasLogFile: () => hasLogFile(context.logUri, log),
    }),
  );
  steps.done('Panel and commands');
  for (const { step, ms } of steps.take()) systemLog.write(initRecord(machine.clock.now(), '', step, ms));
  stop = async () => {
    for (const end of [kept.flush, controller.close, review.flush, systemLog.flush, shell.dispose, connector.close]) await end();
  };
  setTimeout(() => loadService().catch(fault));
  if (process.env.PLUMB_START) await panel.views.reveal('composer');
  return { commands: [...Object.keys(COMMANDS), ...Object.keys(REVIEW_COMMANDS)], documents, review };
}

export async function deactivate(): Promise<void> {
  await stop?.();
}
