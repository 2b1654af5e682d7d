import type { ToolUseBlock } from '../protocol/blocks';
import type { CallState } from '../protocol/workflow';
import type { CallOutcome } from './breakers';
import { announceChanges, announceLoaded, type Executed, execute, intend, plain } from './execute';
import { authorize, judge } from './permission/authorize';
import type { AppliedChange } from './ports';
import { type Prepared, prepare, type Ready } from './prepare';
import type { Watched } from './recovery/keep';
import type { RunContext } from './run-context';
import type { TurnWatch } from './turn';

/** Calls that run side by side, at most. */
const MAX_PARALLEL = 10;

/** `results` is what the calls gave as text, for the breaker that watches for repetition. */
export type BatchEnd = {
  readonly changes: readonly AppliedChange[];
  readonly lastChanged: string | null;
  readonly results: string;
  readonly outcomes: readonly CallOutcome[];
};

/** The calls of one assistant message: begun early where that is harmless, finished in order [A2]. */
export type Batch = TurnWatch & {
  run(blocks: readonly ToolUseBlock[], turn: number, beforeEffects: (ready: readonly Ready[]) => Promise<void>): Promise<BatchEnd>;
};

type Early = { readonly stop: AbortController; readonly work: Promise<Executed> };

export function createBatch(run: RunContext): Batch {
  const prepared = new Map<string, Promise<Prepared>>();
  const early = new Map<string, Early>();
  let chain = Promise.resolve(true);
  let attempt = 0;

  const prepareOnce = (block: ToolUseBlock): Promise<Prepared> => {
    const known = prepared.get(block.id) ?? prepare(block, run);
    prepared.set(block.id, known);
    return known;
  };

  /** What was begun belongs to one message; the next starts with all places free. */
  const forget = () => {
    attempt += 1;
    early.clear();
    prepared.clear();
    chain = Promise.resolve(true);
  };

  /** Starts a read that nobody needs to be asked about, unless something before it in the message has to come first. */
  async function tryEarly(block: ToolUseBlock, mine: number): Promise<boolean> {
    const call = await prepareOnce(block);
    if (call.kind === 'failed') return true;
    if (!isHarmless(call) || early.size >= MAX_PARALLEL) return false;
    const verdict = await judge(call, run);
    if (verdict.verdict !== 'allow' || mine !== attempt || run.signal.aborted) return false;
    const stop = new AbortController();
    early.set(block.id, { stop, work: execute(call, run, AbortSignal.any([run.signal, stop.signal]), () => STOPPED) });
    return true;
  }

  return {
    offer(block) {
      const mine = attempt;
      chain = chain.then((clear) => clear && tryEarly(block, mine)).catch(() => false);
    },
    abandon() {
      for (const { stop } of early.values()) stop.abort();
      forget();
    },
    async run(blocks, turn, beforeEffects) {
      await chain;
      const calls = await Promise.all(blocks.map(prepareOnce));
      const board = createBoard(run, turn);
      const changes: AppliedChange[] = [];
      let lastChanged: string | null = null;
      let failedSibling: string | null = null;
      let baselined = false;
      const results: unknown[] = [];
      const outcomes: CallOutcome[] = [];
      for (const group of groups(calls)) {
        const siblings = new AbortController();
        const signal = AbortSignal.any([run.signal, siblings.signal]);
        const why = () => (run.signal.aborted ? STOPPED : `Cancelled: ${failedSibling ?? 'a call beside it'} failed.`);
        const running: Promise<void>[] = [];
        for (const call of group) {
          let startedAt = run.ports.clock.now();
          let byPerson = false;
          const finish = (executed: Executed) => {
            outcomes.push(outcomeOf(executed, byPerson));
            if (call.kind === 'ready') announceChanges(call, executed.changes, run);
            changes.push(...executed.changes);
            results.push(executed.finish.output);
            if (executed.changes.length > 0) lastChanged = call.block.id;
            run.emit({
              type: 'tool_finished',
              callId: call.block.id,
              tool: call.kind === 'ready' ? call.tool.name : call.block.name,
              ms: run.ports.clock.now() - startedAt,
              ...executed.finish,
            });
            announceLoaded(call.block.id, executed.finish.output, run);
            board.remove(call.block.id);
          };
          run.emit({
            type: 'tool_started',
            callId: call.block.id,
            tool: call.kind === 'ready' ? call.tool.name : call.block.name,
            ...call.summary,
            class: call.kind === 'ready' ? call.assessment.class : 'read_only',
          });
          if (call.kind === 'failed') {
            finish(over('error', call.text));
            continue;
          }
          const stoppable = call.assessment.safety.abortsSiblings || call.assessment.class !== 'read_only';
          if (run.signal.aborted || (failedSibling && stoppable)) {
            finish(over('cancelled', `${run.signal.aborted ? STOPPED : `Not run: ${failedSibling} failed before it.`}`));
            continue;
          }
          const allowed = await authorize(call, run, run.signal, (asked) =>
            asked ? board.set(call, 'asked') : board.remove(call.block.id),
          );
          byPerson = allowed.kind === 'stop' && allowed.byPerson === true;
          // How long a person took to answer is not how long the call took.
          startedAt = run.ports.clock.now();
          if (allowed.kind === 'stop') {
            finish(over(allowed.outcome, allowed.text));
            continue;
          }
          board.set(call, 'running');
          let watched: Watched | null = null;
          if (call.assessment.class !== 'read_only') {
            if (!baselined) await beforeEffects(calls.filter((c) => c.kind === 'ready'));
            baselined = true;
            watched = await intend(call, run);
          }
          const work = early.get(call.block.id)?.work ?? execute(call, run, stoppable ? signal : run.signal, why, allowed);
          running.push(
            work.then(async (executed) => {
              try {
                await watched?.settle(executed.changes);
              } finally {
                finish(executed);
              }
              if (executed.finish.outcome === 'error' && call.assessment.safety.abortsSiblings) {
                failedSibling = call.summary.title;
                siblings.abort();
              }
            }),
          );
        }
        await Promise.all(running);
        // Outcomes go to disk at once, and nobody waits: the next intent does, and reports what failed here.
        if (group.some((c) => c.kind === 'ready' && c.assessment.class !== 'read_only')) run.flush().catch(() => undefined);
      }
      forget();
      return { changes, lastChanged, results: JSON.stringify(results), outcomes };
    },
  };
}

const STOPPED = 'The user stopped this call.';

function over(outcome: 'error' | 'denied' | 'cancelled', text: string): Executed {
  return { finish: plain(outcome, text, text), changes: [] };
}

/** A person who says no each time is no loop. */
function outcomeOf({ finish: { outcome } }: Executed, byPerson: boolean): CallOutcome {
  if (outcome === 'denied') return byPerson ? 'went' : 'refused';
  return outcome === 'error' ? 'failed' : 'went';
}

/** May begin early: it reads, may run beside others, and no failure of another call can cancel it. */
function isHarmless(call: Ready): boolean {
  const { class: effect, safety } = call.assessment;
  return effect === 'read_only' && safety.concurrencySafe && !safety.abortsSiblings;
}

/** Neighbours that may run side by side share a group; every other call is alone, in its place. */
function groups(calls: readonly Prepared[]): readonly Prepared[][] {
  const out: Prepared[][] = [];
  for (const call of calls) {
    const last = out.at(-1);
    const together = call.kind === 'failed' || call.assessment.safety.concurrencySafe;
    const joins =
      last && last.length < MAX_PARALLEL && together && last.every((c) => c.kind === 'failed' || c.assessment.safety.concurrencySafe);
    if (joins) last.push(call);
    else out.push([call]);
  }
  return out;
}

/** Keeps `acting` in step with what is being asked and what runs. */
function createBoard(run: RunContext, turn: number) {
  const calls = new Map<string, CallState>();
  const show = () => run.emit({ type: 'state_changed', workflow: { at: 'acting', turn, calls: Object.fromEntries(calls) } });
  show();
  return {
    set(call: Ready, phase: CallState['phase']) {
      calls.set(call.block.id, { phase, effect: call.assessment.class !== 'read_only', retrySafe: call.assessment.safety.retrySafe });
      show();
    },
    remove(id: string) {
      if (calls.delete(id)) show();
    },
  };
}
