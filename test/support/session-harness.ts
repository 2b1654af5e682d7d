import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Section } from '../../src/core/context/sections';
import { createDesk, type Desk } from '../../src/core/permission/desk';
import type { Ports, Review } from '../../src/core/ports';
import type { Diagnostics } from '../../src/core/ports/language';
import { openSession, type Session, startSession } from '../../src/core/session';
import type { SessionOptions } from '../../src/core/session-options';
import type { Tool, ToolSource } from '../../src/core/tool';
import { createModelClient } from '../../src/model/client';
import { createAssets } from '../../src/node/assets';
import { systemClock } from '../../src/node/clock';
import { createDocuments } from '../../src/node/documents';
import { sha256 } from '../../src/node/hash';
import { type OpenLogFile, openLogFile } from '../../src/node/session-log';
import { createStore } from '../../src/node/store';
import type { AgentEvent, EventOf, EventType } from '../../src/protocol/events';
import type { Rule } from '../../src/protocol/permission';
import { parseSettings } from '../../src/protocol/settings';
import { type ModelServer, type ModelServerOptions, type Script, startModelServer } from './model-server/server';

export type Harness = {
  readonly root: string;
  readonly server: ModelServer;
  readonly desk: Desk;
  readonly session: Session;
  readonly options: SessionOptions;
  readonly rules: Rule[];
  /** Everything heard, previews included. */
  readonly heard: readonly AgentEvent[];
  say(text: string): ReturnType<Session['send']>;
  events<T extends EventType>(type: T): readonly EventOf<T>[];
  /** Resolves with the first event (past or to come) that fits. */
  event<T extends EventType>(type: T, test?: (event: EventOf<T>) => boolean): Promise<EventOf<T>>;
  /** Takes the session up from its log, as another process would: this one's handle is given up first. */
  reopen(settings?: Readonly<Record<string, unknown>>): Promise<Session>;
  close(): Promise<void>;
};

export type HarnessOptions = {
  readonly tools?: readonly Tool[];
  readonly sections?: readonly Section[];
  readonly sources?: readonly ToolSource[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly rules?: readonly Rule[];
  readonly trusted?: boolean;
  readonly diagnostics?: Diagnostics;
  readonly review?: Review;
  readonly ports?: Partial<Ports>;
  /** The disk under the session log, for tests that make it fail. */
  readonly openFile?: OpenLogFile;
  readonly observe?: SessionOptions['observe'];
  readonly problems?: SessionOptions['problems'];
  readonly server?: ModelServerOptions;
};

/** A session of real parts (store, files, SDK, wire) on a scripted model and a temporary folder. */
export async function startHarness(script: Script, given: HarnessOptions = {}): Promise<Harness> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'plumb-test-')));
  const root = join(base, 'work');
  await import('node:fs/promises').then((fs) => fs.mkdir(root));
  const server = await startModelServer(script, given.server);
  const desk = createDesk();
  const rules: Rule[] = [...(given.rules ?? [])];
  const ports: Ports = {
    model: createModelClient({ apiKey: 'test', baseUrl: server.url }),
    documents: createDocuments({ roots: [root] }),
    search: { grep: async () => ({ lines: [], more: false }), glob: async () => ({ paths: [], more: false }) },
    store: createStore({ folder: join(base, 'store'), clock: systemClock, openFile: given.openFile ?? openLogFile }),
    rules: { current: () => rules, save: async (rule) => void rules.push({ effect: 'allow', rule, source: 'user' }) },
    clock: systemClock,
    approver: desk.approver,
    asker: desk.asker,
    hash: sha256,
    asset: createAssets([]),
    diagnostics: given.diagnostics,
    review: given.review,
    ...given.ports,
  };
  let { settings } = parseSettings({ model: 'claude-opus-4-8', ...given.settings });
  const options: SessionOptions = {
    ports,
    tools: given.tools ?? [],
    sources: given.sources ?? [],
    settings: () => settings,
    facts: { roots: [root], platform: 'linux', shell: null, trusted: given.trusted ?? true },
    cwd: root,
    app: '0.0.0-test',
    sections: given.sections,
    observe: given.observe,
    problems: given.problems,
  };
  const session = await startSession(options);
  const heard: AgentEvent[] = [];
  const listeners = new Set<() => void>();
  const open = [session];
  session.subscribe((event) => {
    heard.push(event);
    for (const listener of listeners) listener();
  });
  const all = () => [...session.events(), ...heard.filter((e) => e.seq === 0)];
  const matching = <T extends EventType>(type: T) => all().filter((e): e is EventOf<T> => e.type === type);

  return {
    root,
    server,
    desk,
    session,
    options,
    rules,
    heard,
    say: (text) => session.send({ text, attachments: [], content: [{ type: 'text', text }] }),
    events: matching,
    event: (type, test = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          const found = matching(type).find(test);
          if (!found) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      }),
    async reopen(changed) {
      await open.at(-1)?.close();
      settings = { ...settings, ...changed };
      const next = await openSession(options, session.id);
      open.push(next);
      return next;
    },
    async close() {
      for (const one of open) await one.close().catch(() => undefined);
      await server.close();
      await rm(base, { recursive: true, force: true });
    },
  };
}
