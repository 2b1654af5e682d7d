import type { AgentEvent } from '../../protocol/events';
import { zMode } from '../../protocol/permission';
import { StoreError } from '../errors';
import type { Clock } from '../ports';
import type { Identity, SignatureCheck } from '../ports/identity';
import type { ProofFile, ProofFiles } from '../ports/proof';
import type { ClaimedUse, SessionLog, Store } from '../ports/store';
import type { Capabilities } from './capabilities';
import { type Credential, issueByOperator, timeIn } from './credential';
import { callRefusal } from './delegation';
import { wellFormed } from './record';
import { type Agent, createRecorder, type Recorder, type Taken } from './recorder';

export type ProofParts = {
  readonly identity: Identity;
  readonly files: ProofFiles;
  readonly check: SignatureCheck;
  readonly clock: Clock;
};

/** The agent that works in a session today; the only one there is. */
const MAIN = 'main';
/** Long enough for any run, short enough that a stolen one is soon worth nothing. */
const HOLDS_MS = 24 * 60 * 60 * 1000;
/** By then the request is on its way: the first signature, which takes a while, is made while the model thinks. */
const HEAD_START_MS = 25;
/** The chain is that much behind its log at the most: what a turn ends with is signed in one go. */
const PAUSE_MS = 100;

/** A store whose logs are signed as they are written: every log that is made or opened has its chain beside it [I3]. */
export function provenStore(store: Store, parts: ProofParts): Store {
  return {
    ...store,
    create: async (id) => provenLog(await store.create(id), [], parts),
    open: async (id) => {
      const opened = await store.open(id);
      return { ...opened, log: provenLog(opened.log, opened.events, parts) };
    },
  };
}

function provenLog(log: SessionLog, past: readonly AgentEvent[], parts: ProofParts): SessionLog {
  const { identity, files, check, clock } = parts;
  const stop = new AbortController();
  let rights = past.reduce(rightsAfter, NO_RIGHTS);
  /** Appended, and not known to be on disk; then on disk, and not signed: a chain never runs ahead of its log. */
  let appended: Taken[] = [];
  let due: Taken[] = [];
  let begun = false;
  let failed = false;
  let waits = false;
  let work: Promise<void> = Promise.resolve();
  let opened: Promise<{ readonly file: ProofFile; readonly recorder: Recorder }> | null = null;
  let agent: Agent | null = null;
  let shown: Promise<unknown> = Promise.resolve();

  const open = () => {
    opened ??= files.open(log.id).then((file) => ({ file, recorder: createRecorder(file, past, { check, clock }) }));
    opened.catch(() => {
      opened = null;
    });
    return opened;
  };

  /** One after the other, so that a signature and a call that begin together show the same credential. */
  function current(recorder: Recorder): Promise<Agent> {
    const next = shown.then(() => show(recorder));
    shown = next.catch(() => undefined);
    return next;
  }

  /** The agent with a credential that holds now and covers what it may do now. */
  async function show(recorder: Recorder): Promise<Agent> {
    const wanted = rights;
    const fits = ({ validFrom, validUntil, credentialSubject }: Credential) =>
      Date.parse(validFrom) <= clock.now() &&
      clock.now() < Date.parse(validUntil) - HOLDS_MS / 24 &&
      same(credentialSubject.capabilities, wanted);
    if (agent && fits(agent.credential)) return agent;
    const signer = agent?.signer ?? (await identity.agent(log.id, MAIN));
    const standing = recorder.standing(signer.did);
    if (standing && fits(standing)) {
      agent = { signer, credential: standing };
      return agent;
    }
    const now = clock.now();
    const claim = { subject: signer.did, agent: MAIN, session: log.id, capabilities: wanted, from: now, until: now + HOLDS_MS };
    agent = { signer, credential: await issueByOperator(claim, await identity.operator(), check) };
    return agent;
  }

  async function sign(): Promise<void> {
    if (due.length === 0) return;
    const taken = [...due];
    const { file, recorder } = await open();
    const { lines, done } = recorder.lines(taken, await current(recorder));
    await file.append(lines);
    done();
    due = due.slice(taken.length);
  }

  /** One after the other. What fails stays due: the next flush tries again and tells. */
  function signSoon(): Promise<void> {
    work = work.then(sign).then(
      () => {
        failed = false;
      },
      (error: unknown) => {
        failed = true;
        throw error;
      },
    );
    const mine = work;
    work = work.catch(() => undefined);
    return mine;
  }

  /** What fails is tried again, and told, by the next flush. */
  function signLater(ms: number): void {
    if (waits) return;
    waits = true;
    const sign = async () => {
      try {
        await clock.sleep(ms, stop.signal);
      } finally {
        waits = false;
      }
      await signSoon();
    };
    sign().catch(() => undefined);
  }

  async function flush(): Promise<void> {
    const to = appended.at(-1)?.event.seq ?? 0;
    await log.flush();
    due.push(...appended.filter(({ event }) => event.seq <= to));
    appended = appended.filter(({ event }) => event.seq > to);
    if (failed) await signSoon();
    else if (begun) signLater(PAUSE_MS);
  }

  return {
    id: log.id,
    append(event, copied) {
      log.append(event, copied);
      if (event.seq === 0) return;
      rights = rightsAfter(rights, event);
      appended.push({ event, copied: copied ?? false });
      if (begun || event.type !== 'turn_started') return;
      begun = true;
      signLater(HEAD_START_MS);
    },
    flush,
    async refusal(use: ClaimedUse) {
      // Whoever opened a folder, or brought a tool, is the operator: that widens what its main agent may do.
      rights = { ...rights, tools: sorted([...rights.tools, ...use.offered]), roots: sorted([...rights.roots, ...use.folders]) };
      const { recorder } = await open();
      const { credential } = await current(recorder);
      const said = { ...use, tool: wellFormed(use.tool), writes: use.writes.map(wellFormed) };
      return callRefusal([credential], said, timeIn(credential, clock.now()), check);
    },
    async signed() {
      await flush();
      await signSoon();
    },
    async close() {
      stop.abort();
      try {
        await flush();
        await signSoon();
        await (await opened)?.file.close();
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        await log.close();
        throw error;
      }
      await log.close();
    },
  };
}

const NO_RIGHTS: Capabilities = { tools: [], modes: [...zMode.options], roots: [] };

/** What the operator gives the main agent of a session: the tools and folders that it was begun with, in any mode. */
function rightsAfter(rights: Capabilities, event: AgentEvent): Capabilities {
  if (event.type !== 'session_started') return rights;
  const tools = [...event.tools.map(({ name }) => name), ...(event.held ?? [])];
  return { ...rights, tools: sorted(tools), roots: sorted(event.roots) };
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names.map(wellFormed))].sort();
}

function same(a: Capabilities, b: Capabilities): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
