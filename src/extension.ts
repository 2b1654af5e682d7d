import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { createInitSteps } from './core/observe/init-steps';
import { holdEnvironment } from './core/observe/redact';
import { initRecord } from './core/observe/system-record';
import { createDesk, type Desk } from './core/permission/desk';
import type { Ports } from './core/ports';
import { forkSession } from './core/recovery/fork';
import { firstPool, openSession, type SessionOptions, startSession } from './core/session';
import { DEMO_MODEL, startDemoModel } from './demo/start';
import { COMMANDS, registerCommands } from './editor/commands';
import { createConnector } from './editor/connector';
import { createEditorDiagnostics } from './editor/diagnostics';
import { createEditorDocuments } from './editor/documents';
import { createLandings } from './editor/documents/landings';
import { createExtensionTools } from './editor/extension-tools';
import { registerFixAction } from './editor/fix-action';
import { followModels } from './editor/follow-models';
import { openKeptState, stateFolderOf } from './editor/kept-state';
import { createKeyStore } from './editor/key';
import { registerLanguageServers } from './editor/language-servers/language-servers';
import { createLogView } from './editor/log-view/log-view';
import { createCompletions } from './editor/panel/completions';
import { createPanelHost } from './editor/panel/host';
import { createPanelMemory } from './editor/panel/memory';
import { registerPanelViews } from './editor/panel/view';
import { createPicks } from './editor/picks';
import { openReviewAfterRun } from './editor/review/after-run';
import { REVIEW_COMMANDS } from './editor/review/commands';
import { createReview } from './editor/review/review';
import { createSessionController } from './editor/session-controller';
import { createEditorSettings, reportSettingsProblems } from './editor/settings';
import { registerStatusBar } from './editor/status-bar';
import { createEditorSymbols } from './editor/symbols';
import { observeInto } from './editor/system-log';
import { warnOfEffort } from './editor/warn-of-effort';
import { createModelClient } from './model/client';
import { connectionFrom, hostOf } from './model/connection';
import { createSwitch } from './model/switch';
import { createAssets } from './node/assets';
import { systemClock } from './node/clock';
import { makeFolder } from './node/folders';
import { sha256 } from './node/hash';
import { createKeptFiles } from './node/kept-files';
import { createLogTail } from './node/log-tail';
import { locate } from './node/paths';
import { createScan } from './node/scan';
import { createSearch } from './node/search';
import { createShell } from './node/shell';
import { createStore } from './node/store';
import { createSystemLog } from './node/system-log';
import { writable } from './node/writable';
import { allTools } from './tools/index';

let stop: (() => Promise<void>) | undefined;

/** The composition root: builds the adapters, wires them, and gives every disposable to the editor. */
export async function activate(context: vscode.ExtensionContext): Promise<unknown> {
  const log = vscode.window.createOutputChannel('Plumb', { log: true });
  const steps = createInitSteps(() => performance.now());
  const settings = createEditorSettings();
  holdEnvironment(process.env);
  for (const server of Object.values(settings.current().languageServers)) holdEnvironment(server.env);
  const roots = () => (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const cwd = () => roots()[0] ?? homedir();

  const storage = settings.current().storagePath || join(homedir(), '.plumb');
  const store = createStore({ folder: storage, clock: systemClock });
  const stateFolder = stateFolderOf(storage, sha256);
  if (stateFolder) await makeFolder(stateFolder.fsPath).catch((error: unknown) => log.error(String(error)));
  const keptFiles = stateFolder && createKeptFiles(stateFolder.fsPath);
  const kept = await openKeptState(keptFiles, context.workspaceState, (error) => log.error(String(error)));
  steps.done('Settings and kept state');
  const landings = createLandings();
  const systemLog = createSystemLog(storage, (error) => log.warn(`The system log can not be written: ${String(error)}`));
  const documents = createEditorDocuments({ locate, writable, hash: sha256, landings });
  const shell = createShell({ setting: settings.current().shellPath, ledger: join(storage, 'processes') });
  const review = createReview({ storage: stateFolder, landings, hash: sha256, log });
  const diagnostics = createEditorDiagnostics();
  const picks = createPicks();
  const model = createSwitch();
  const keys = createKeyStore(context.secrets);
  const connector = createConnector({
    async configured() {
      const from = { env: process.env, storedKey: await keys.get(), settingBaseUrl: settings.current().baseUrl };
      const connection = connectionFrom(from);
      if (connection.kind === 'none') return connection;
      return {
        kind: 'service',
        key: JSON.stringify(connection),
        host: hostOf(connection.baseUrl ?? 'https://api.anthropic.com'),
        make: () => createModelClient(connection),
      };
    },
    async startDemo() {
      const demo = await startDemoModel();
      return { client: createModelClient({ baseUrl: demo.url }), close: demo.close };
    },
    use: model.set,
    onProblem: (error) => log.warn(`The list of models could not be read: ${String(error)}`),
  });

  steps.done('Review, documents and model');
  const extensionTools = createExtensionTools(() => settings.current().extensionTools);
  const ports = (desk: Desk): Ports => ({
    model: model.client,
    documents,
    search: createSearch({ setting: settings.current().ripgrepPath, appRoot: vscode.env.appRoot }),
    scan: createScan({ setting: settings.current().ripgrepPath, appRoot: vscode.env.appRoot }),
    store,
    rules: settings.rules,
    clock: systemClock,
    approver: desk.approver,
    asker: desk.asker,
    hash: sha256,
    asset: createAssets([join(context.extensionPath, 'dist')]),
    shell,
    diagnostics,
    symbols: createEditorSymbols(),
    review,
  });
  const options = async (desk: Desk): Promise<SessionOptions> => ({
    ports: ports(desk),
    tools: allTools({ kind: shell.kind, programs: await shell.programs() }),
    sources: [extensionTools],
    settings: () => ({
      ...picks.over(settings.current()),
      ...(connector.state().connection.kind === 'demo' ? { model: DEMO_MODEL, maxCost: 0, maxRunCost: 0 } : {}),
    }),
    problems: settings.problems,
    facts: { roots: roots(), platform: process.platform, shell: shell.kind, host: 'editor', trusted: vscode.workspace.isTrusted },
    cwd: cwd(),
    modelBy: () => (connector.state().connection.kind === 'demo' ? 'the demo' : picks.model ? 'the choice in the panel' : undefined),
    asksAgain: true,
    observe: observeInto(log, systemLog),
    app: String(context.extension.packageJSON.version),
  });
  const controller = createSessionController({
    store,
    newDesk: createDesk,
    start: (desk) => connector.ready().then(async () => startSession(await options(desk))),
    open: (desk, id) => connector.ready().then(async () => openSession(await options(desk), id)),
    fork: (events, to, id) => forkSession({ store, clock: systemClock }, events, to, id),
    remembered: kept,
  });
  review.onReviewed((reviewed) => {
    const shown = controller.shown();
    if (shown.kind === 'live') shown.live.session.reviewed(reviewed);
  });

  const tools = async () => {
    const shown = controller.shown();
    if (shown.kind === 'live') return shown.live.session.tools();
    return (await firstPool(await options(createDesk()), picks.over(settings.current()).model)).pool.standings;
  };
  const languageServers = registerLanguageServers(() => settings.current().languageServers);
  const memory = createPanelMemory(kept);
  const completions = createCompletions();
  const host = createPanelHost({ controller, connector, settings, memory, documents, review, completions, log, picks });
  const views = registerPanelViews(host, context.extensionUri);
  const logView = createLogView({ extension: context.extensionUri, tail: () => createLogTail(storage), flush: systemLog.flush, log });
  const refresh = () => void connector.refresh().catch((error: unknown) => log.error(String(error)));
  context.subscriptions.push(
    log,
    review,
    diagnostics,
    completions,
    host,
    ...views.disposables,
    languageServers,
    ...logView.disposables,
    registerFixAction(),
    reportSettingsProblems(settings, log),
    openReviewAfterRun(controller, review, settings.current),
    followModels(connector, controller, picks, () => settings.current().model),
    warnOfEffort(settings, controller),
    registerStatusBar(controller, review, views),
    registerCommands({ controller, connector, host, views, keys, memory, log, store, systemLog, languageServers, tools, logView }),
    keys.onChange(refresh),
    settings.onChange(refresh),
  );
  steps.done('Panel and commands');
  for (const { step, ms } of steps.take()) systemLog.write(initRecord(systemClock.now(), '', step, ms));
  stop = async () => {
    await kept.flush();
    await controller.close();
    await review.flush();
    await systemLog.flush();
    await shell.dispose();
    await connector.close();
  };
  if (process.env.PLUMB_START) await views.reveal('composer');
  return { commands: [...Object.keys(COMMANDS), ...Object.keys(REVIEW_COMMANDS)], documents, review };
}

export async function deactivate(): Promise<void> {
  await stop?.();
}
