import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from '../../package.json';
import { messageOf } from '../core/errors';
import { provenStore } from '../core/identity/proven-log';
import { createInitSteps } from '../core/observe/init-steps';
import { holdEnvironment, redact } from '../core/observe/redact';
import { initRecord, systemRecords } from '../core/observe/system-record';
import type { Ports } from '../core/ports';
import type { Shell } from '../core/ports/shell';
import type { SessionInfo } from '../core/ports/store';
import { openSession, type Session, startSession } from '../core/session';
import type { SessionOptions } from '../core/session-options';
import { createAssets } from '../node/assets';
import { systemClock } from '../node/clock';
import { createDocuments } from '../node/documents';
import { unless } from '../node/errno';
import { sha256 } from '../node/hash';
import { createIdentity } from '../node/identity/keys';
import { secretFile } from '../node/identity/secret-file';
import { signatureCheck } from '../node/identity/signing';
import { createProofFiles } from '../node/proof-file';
import { createScan } from '../node/scan';
import { createSearch } from '../node/search';
import { createShell } from '../node/shell';
import { createStore } from '../node/store';
import { createSystemLog } from '../node/system-log';
import type { Settings } from '../protocol/settings';
import { allTools } from '../tools/index';
import type { RunArgs } from './args';
import { connect } from './connect';
import { Failure } from './failure';
import { findSession } from './find-session';
import { readSettings, rulesOf, rulesOfNoTool, withFlags } from './settings';
import { atHome, storageIn } from './storage';
import { ALONE, unattendedApprover, unattendedAsker } from './unattended';

export type Run = {
  readonly session: Session;
  readonly warnings: readonly string[];
  /** Ends whatever the run still has going; at the end of everything. */
  close(): Promise<void>;
};

/** The composition root of the command line: the same core as the editor's, over files and without anybody to ask. */
export async function compose(args: RunArgs, env: NodeJS.ProcessEnv): Promise<Run> {
  const steps = createInitSteps(() => performance.now());
  holdEnvironment(env);
  const here = await folderOf(args.cwd ?? '.');
  const { settings: saved, warnings } = await readSettings(join(homedir(), '.plumb', 'settings.json'));
  const flagged = withFlags(saved, args);
  for (const server of Object.values(saved.languageServers)) holdEnvironment(server.env);
  steps.done('Settings');
  const storage = storageIn(flagged.storagePath);
  const store = provenStore(createStore({ folder: storage, clock: systemClock }), {
    identity: createIdentity(secretFile(storage, 'the command line')),
    files: createProofFiles(storage),
    check: signatureCheck,
    clock: systemClock,
  });
  const log = createSystemLog(storage, (error) =>
    process.stderr.write(`plumb: the system log can not be written: ${redact(messageOf(error))}\n`),
  );
  const connected = await connect(env, args.demo, flagged.baseUrl);
  steps.done('Connection to the model');
  // Asked for now, so that it has come by the time the first request needs it.
  void connected.client.profile(flagged.model || connected.model, new AbortController().signal);
  const shell = createShell({ setting: flagged.shellPath, ledger: join(storage, 'processes') });
  const close = async () => {
    await shell.dispose();
    await connected.close();
  };
  try {
    const resumed = args.resume === undefined ? undefined : await findSession(store, args.resume, here);
    const roots = resumed === undefined ? [here] : await rootsOf(resumed, here, args.cwd !== undefined);
    const [cwd = here] = roots;
    // The demo costs nothing, whatever may be spent.
    const settings: Settings =
      connected.model === '' ? flagged : { ...flagged, model: flagged.model || connected.model, maxCost: 0, maxRunCost: 0 };
    const ports: Ports = {
      model: connected.client,
      documents: createDocuments({ roots }),
      search: createSearch({ setting: flagged.ripgrepPath }),
      scan: createScan({ setting: flagged.ripgrepPath }),
      store,
      rules: rulesOf(settings, args),
      clock: systemClock,
      approver: unattendedApprover,
      asker: unattendedAsker,
      hash: sha256,
      asset: createAssets([dirname(fileURLToPath(import.meta.url))]),
      shell,
    };
    const tools = allTools({ kind: shell.kind, programs: await shell.programs() });
    steps.done('Tools');
    const options: SessionOptions = {
      ports,
      tools,
      settings: () => settings,
      facts: { roots, platform: process.platform, shell: shell.kind, trusted: true },
      sections: [ALONE],
      cwd,
      app: version,
      modelBy: () => modelBy(args, saved, connected.model),
      observe: (event) => {
        for (const record of systemRecords(event)) log.write(record);
      },
    };
    const session = resumed === undefined ? await start(options) : await open(options, resumed.id, args, connected.model);
    steps.done(resumed === undefined ? 'New session' : 'Session from its log');
    for (const { step, ms } of steps.take()) log.write(initRecord(systemClock.now(), session.id, step, ms));
    const unmet = rulesOfNoTool(
      ports.rules.current(),
      tools.map((tool) => tool.name),
    );
    return {
      session,
      warnings: [
        ...warnings,
        ...unmet,
        ...(await withoutSandbox(session, settings, shell)),
        ...unknownIn(session),
        ...session.damage.map((what) => `the log of this session is damaged or was changed: ${what}`),
      ],
      close: async () => {
        try {
          await session.close();
          await log.flush();
        } finally {
          await close();
        }
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** In a panel the mode says it; here it is said at the start. */
async function withoutSandbox(session: Session, { sandbox }: Settings, shell: Shell): Promise<readonly string[]> {
  if (sandbox === 'off' || session.state().mode !== 'auto') return [];
  const state = await shell.sandbox?.();
  if (!state || state.ready) return [];
  const then = sandbox === 'required' ? 'what auto mode would let pass is denied' : 'what auto mode lets pass runs without one';
  return [`there is no sandbox here, so ${then}: ${state.why}`];
}

/** Nobody is here to look: what may have happened or not is told, and the run goes on without knowing. */
function unknownIn(session: Session): readonly string[] {
  const { workflow, end } = session.state();
  if (workflow.at !== 'interrupted') return [];
  const events = session.events();
  return (end?.unknown ?? []).map(({ callId, tool, known }) => {
    const call = events.findLast((event) => event.type === 'tool_started' && event.callId === callId);
    const what = call?.type === 'tool_started' ? `${call.title} ${call.detail}` : tool;
    return `whether this happened before Plumb was stopped is not known: ${what}. ${known} It is not run again by itself; the model is told to look.`;
  });
}

/** Why it is this model; undefined: nobody named one. */
function modelBy(args: RunArgs, saved: Settings, demo: string): string | undefined {
  if (args.model !== undefined) return 'the flag --model';
  if (saved.model !== '') return 'the settings';
  return demo === '' ? 'nobody, so it is the first that the service lists' : 'the demo';
}

/** The model is settled first, so that a wrong key or address leaves no empty session behind. */
async function start(options: SessionOptions): Promise<Session> {
  const settings = options.settings();
  if (settings.model !== '') return startSession(options);
  const models = await options.ports.model.models(new AbortController().signal);
  const settled = { ...settings, model: models[0]?.id ?? '' };
  return startSession({ ...options, settings: () => settled });
}

async function open(options: SessionOptions, id: string, args: RunArgs, demoModel: string): Promise<Session> {
  const session = await openSession(options, id);
  if (args.mode !== undefined) session.setMode(args.mode, 'flag');
  const model = args.model ?? demoModel;
  if (model !== '') session.setModel(model, 'flag');
  return session;
}

/** A session goes on where it began, with the folders that its conversation speaks of. */
async function rootsOf({ id, roots }: SessionInfo, here: string, named: boolean): Promise<readonly string[]> {
  if (roots.length === 0) return [here];
  if (roots.includes(here)) return [here, ...roots.filter((root) => root !== here)];
  if (named)
    throw new Failure(2, `Session ${id} works in ${roots.join(', ')}.`, 'Leave --cwd out to go on there, or start a new session here.');
  for (const root of roots) {
    if (!(await isFolder(root))) throw new Failure(2, `${root}, where session ${id} works, is gone.`, 'Start a new session with -p.');
  }
  return roots;
}

/** By its own path: however the folder is spelled, its sessions are found again. */
async function folderOf(path: string): Promise<string> {
  const folder = resolve(atHome(path));
  if (!(await isFolder(folder))) throw new Failure(2, `${folder} is no folder.`, 'Name an existing folder with --cwd.');
  return realpath(folder);
}

async function isFolder(path: string): Promise<boolean> {
  return (await unless(stat(path), 'ENOENT', 'ENOTDIR', 'EACCES'))?.isDirectory() ?? false;
}
