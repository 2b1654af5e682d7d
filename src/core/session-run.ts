import { brokenLimit } from '../protocol/settings';
import type { StopReason } from '../protocol/workflow';
import { createRecorder } from './black-box';
import type { NotCondensed } from './context/compact';
import { createFileWatch } from './context/file-watch';
import { createContextKeeper } from './context/keeper';
import { uncachedTexts } from './context/sections';
import { deliverTail } from './context/tail';
import { StoreError } from './errors';
import { loadedIn } from './held-tools';
import type { Journal } from './journal';
import { type Stop, unreadable } from './limits';
import { runLoop } from './loop';
import type { SessionLog } from './ports/store';
import { assemblePool, type Standing, standingsIn } from './registry';
import type { RunContext } from './run-context';
import { stopOf } from './run-end';
import { everyTool, fixHeader } from './session-header';
import type { SessionOptions } from './session-options';
import type { ToolFacts } from './tool';

/** The runs of one session, one at a time. */
export type Runs = {
  /** The end of the run that goes on. */
  current(): Promise<StopReason> | null;
  /** Begins one, for the conversation or only to do what `condense` asked for. It never rejects: its end is an event. */
  start(condenseOnly?: boolean): Promise<StopReason>;
  cancel(): void;
  /** The conversation is to be condensed before the next request. @throws StoreError */
  condense(instructions: string): Promise<void>;
  /** Every tool, with what became of it. */
  tools(): readonly Standing[];
};

export function createRuns(input: {
  readonly options: SessionOptions;
  readonly id: string;
  readonly log: SessionLog;
  readonly journal: Journal;
  /** Does what waited for the end of a step. */
  readonly settle: () => Promise<void>;
}): Runs {
  const { options, id, log, journal, settle } = input;
  const { ports, facts, cwd } = options;
  const watch = createFileWatch(ports.documents);
  let running: { readonly stop: AbortController; readonly ended: Promise<StopReason> } | null = null;

  const toolFacts = (): ToolFacts => ({ cwd, roots: facts.roots, trusted: facts.trusted, mode: journal.state().mode });
  const poolNow = () =>
    assemblePool({
      all: everyTool(options),
      ports,
      facts: toolFacts(),
      rules: ports.rules.current(),
      frozen: journal.state().header ?? undefined,
    });
  const loaded = () => loadedIn(journal.history.messages(), journal.history.view());

  /** A session begun without trust knows reading tools only: once trust is granted it is given the others. */
  async function noteTrust(): Promise<void> {
    const { header, mode, model } = journal.state();
    if (!header || header.trusted || !facts.trusted) return;
    await fixHeader(options, journal, { mode, model, modelBy: header.modelBy });
    journal.emit({ type: 'notice', of: 'trust', text: 'The user trusts this folder now: all your tools work, and commands run.' });
  }

  /** One run, whatever it does: with the loop, or with a compaction alone. */
  async function work(signal: AbortSignal, condenseOnly: boolean): Promise<Stop> {
    try {
      await noteTrust();
    } catch (error) {
      return stopOf(error, signal);
    }
    let pool = poolNow();
    const run: RunContext = {
      session: id,
      ports,
      get pool() {
        return pool;
      },
      loaded,
      settings: options.settings(),
      emit: journal.emit,
      signal,
      state: journal.state,
      uncached: () => uncachedTexts(options.sections ?? []),
      facts: toolFacts,
      flush: () => log.flush(),
      refusal: async (use, folders) => {
        const offered = [...pool.tools.keys(), ...pool.held.keys()];
        return (await log.refusal?.({ ...use, offered, folders })) ?? null;
      },
    };
    const profile = () => ports.model.profile(journal.state().model, signal);
    const keeper = createContextKeeper({ run, history: journal.history, events: journal.events });
    const condense = async () => {
      const { wanted } = journal.state().compaction;
      return wanted && keeper.condense(await profile(), wanted.instructions);
    };
    const broken = brokenLimit(options.problems?.() ?? []);
    if (broken) return unreadable(broken);
    try {
      if (condenseOnly) return notCondensed(await condense());
      const between = async () => {
        await condense();
        await settle();
        if (options.sources?.length) pool = poolNow();
        return deliverTail(journal, ports, await watch.changed(journal.state(), signal), [...pool.held.keys()]);
      };
      return await runLoop({ run, history: journal.history, keeper, profile, between });
    } catch (error) {
      return stopOf(error, signal);
    }
  }

  /** Every run ends here, with its last event [E2]. */
  function start(condenseOnly = false): Promise<StopReason> {
    const stop = new AbortController();
    const recorder = createRecorder(journal, stop.signal);
    const ended = (async () => {
      let end = await work(stop.signal, condenseOnly);
      await settle();
      let box = recorder(end.error);
      journal.emit({ type: 'state_changed', workflow: { at: 'ended', reason: end.reason } });
      try {
        await log.flush();
      } catch (error) {
        end = stopOf(error, stop.signal);
        box = { ...box, phase: 'store' };
      }
      running = null;
      journal.emit({ type: 'run_ended', ...end, ...box });
      await log.flush().catch((error: unknown) => {
        if (!(error instanceof StoreError)) throw error; // already told in `run_ended`
      });
      return end.reason;
    })();
    running = { stop, ended };
    return ended;
  }

  return {
    current: () => running?.ended ?? null,
    start,
    cancel: () => running?.stop.abort(),
    async condense(instructions) {
      journal.emit({ type: 'compaction_queued', instructions });
      await log.flush();
    },
    tools: () => standingsIn(poolNow(), journal.state().header, loaded()),
  };
}

/** The end of a run that was to condense the conversation and nothing else. */
function notCondensed(failure: NotCondensed | null): Stop {
  if (failure === null) return { reason: 'done', detail: '', retryable: false };
  if (failure.stop) return failure.stop;
  return {
    reason: 'failed',
    error: 'compaction',
    detail: failure.why,
    next: 'The conversation is as it was. Go on, or try again.',
    retryable: false,
  };
}
