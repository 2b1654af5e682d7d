import type { ToolUseBlock } from '../protocol/blocks';
import { createBreakers, type Tripped } from './breakers';
import { layersOf, reportMiss } from './context/cache-watch';
import { problemsBefore, reportProblems } from './context/diagnostics-report';
import type { History } from './context/history';
import type { ContextKeeper } from './context/keeper';
import { buildRequest } from './context/request';
import { windowTokens } from './context/window';
import { fitRequest, nearlySpent, type Stop } from './limits';
import type { ModelProfile } from './ports';
import type { DiagnosticsBaseline } from './ports/language';
import type { RunContext } from './run-context';
import { createBatch } from './schedule';
import { askToGoOn, CANCELLED, isEmpty, nextAfter, rejectCut, stalled, WINDOW_FULL } from './stops';
import { takeTurn } from './turn';
import { countUsage } from './usage';

/** What the loop needs besides the run: the conversation, and what happens between two steps. */
export type LoopInput = {
  readonly run: RunContext;
  readonly history: History;
  readonly keeper: ContextKeeper;
  readonly profile: () => Promise<ModelProfile>;
  /** Delivers what waits for the next step: queued messages, files that changed. Tells whether the user said something. */
  readonly between: () => Promise<boolean>;
};

/**
 * The loop: finish the calls that are open → build the request → stream → log → run the calls → again, until the model
 * has nothing more to do or something stops it. Throws ModelError and StoreError only; `session.ts` turns them into
 * the run's last event.
 */
export async function runLoop({ run, history, keeper, profile, between }: LoopInput): Promise<Stop> {
  const breakers = createBreakers(run.ports.hash);
  const batch = createBatch(run);
  const room = onceInARow(keeper);
  /** The newest calls as the model wrote them: the log, and so the state, hold them without secrets. */
  let written: readonly ToolUseBlock[] = [];
  for (;;) {
    const turn = run.state().turn;
    const tripped = await act(run, batch, breakers, turn, written);
    if (run.signal.aborted) return CANCELLED;
    if (tripped) return stalled(run, tripped);
    await between();
    const limits = await profile();
    await keeper.beforeRequest(limits);

    const { header, model } = run.state();
    if (!header) throw new Error('a run needs a started session');
    const whole = buildRequest({
      header,
      messages: history.messages(),
      previousEnd: history.lastRequestEnd(),
      model,
      profile: limits,
      settings: run.settings,
      uncached: run.uncached(),
    });
    /** `turn` false: the turn is counted already, and this is one more attempt at it. */
    const within = (turn: boolean) => {
      const state = run.state();
      const { settings, ports } = run;
      return fitRequest(whole, { state, prompt, continues: true, profile: limits, settings, now: ports.clock.now(), turn });
    };
    const prompt = windowTokens(run.state(), history);
    const first = within(true);
    if (!first.ok) return first.stop;
    const { request } = first;

    const { cache } = run.state();
    const layers = layersOf(request, history.messages(), cache, run.ports.hash, run.ports.model.service());
    run.emit({ type: 'turn_started', turn: turn + 1, model, layers });
    run.emit({ type: 'state_changed', workflow: { at: 'thinking', turn: turn + 1 } });
    const saved = run.flush();
    saved.catch(() => undefined); // told below: the request need not wait for the disk, what comes of it does
    const end = await takeTurn({ run, profile: limits, within: () => within(false), turn: turn + 1, watch: batch });
    if (end.kind === 'limit') return end.stop;
    if (end.kind === 'too_long') {
      const full = await room.make(limits);
      if (full) return full;
      continue;
    }
    const counted = end.usage && countUsage(end.usage, request, end.blocks, limits);
    if (counted) {
      run.emit({ type: 'usage', of: 'turn', model: end.model, ...counted });
      reportMiss(run, cache, counted.cacheRead);
    }
    if (end.kind !== 'message') {
      if (end.blocks.length > 0)
        run.emit({ type: 'assistant_message', blocks: [...end.blocks], stop: end.kind, partial: true, model: end.model });
      if (end.kind === 'cancelled') return CANCELLED;
      const detail = 'The reply went on far past the length that was asked for, and was cut off.';
      return stalled(run, { breaker: 'endless_reply', detail });
    }
    const calls = end.blocks.filter((b): b is ToolUseBlock => b.type === 'tool_use');
    written = calls;
    const refused = end.stop === 'refusal';
    run.emit({
      type: 'assistant_message',
      blocks: refused ? end.blocks.filter((b) => b.type === 'text') : [...end.blocks],
      stop: end.stop,
      partial: refused,
      model: end.model,
    });
    await saved;

    const next = nextAfter(end.stop, calls, end.refusal);
    switch (next.kind) {
      case 'stop':
        if (next.stop.reason !== 'done') return next.stop;
        if (await between()) continue;
        if (isEmpty(end.blocks)) {
          const over = breakers.empty();
          if (over) return stalled(run, over);
          askToGoOn(run);
          continue;
        }
        return next.stop;
      case 'act':
        breakers.progressed();
        room.used();
        continue;
      case 'cut': {
        batch.abandon();
        rejectCut(run, calls);
        const over = breakers.continued(counted?.output ?? 0);
        if (over) return stalled(run, over);
        const full = next.windowFull ? await room.make(limits) : nearlySpent(run.state(), run.settings);
        if (full) return full;
        continue;
      }
      case 'pause': {
        const over = breakers.continued(counted?.output ?? 0);
        if (over) return stalled(run, over);
        const spent = nearlySpent(run.state(), run.settings);
        if (spent) return spent;
        continue;
      }
      default:
        return next satisfies never;
    }
  }
}

/** Runs the calls of the newest message that have no result yet: after a turn, or when a session is taken up again. */
async function act(
  run: RunContext,
  batch: ReturnType<typeof createBatch>,
  breakers: ReturnType<typeof createBreakers>,
  turn: number,
  written: readonly ToolUseBlock[],
): Promise<Tripped | null> {
  const calls = run.state().pending.map((call) => written.find((w) => w.id === call.id) ?? call);
  if (calls.length === 0) return null;
  let baseline: DiagnosticsBaseline | null = null;
  const { changes, lastChanged, results, outcomes } = await batch.run(calls, turn, async (ready) => {
    baseline = await problemsBefore(ready, run);
  });
  if (lastChanged && run.ports.diagnostics) run.emit({ type: 'state_changed', workflow: { at: 'checking', turn } });
  const added = lastChanged ? await reportProblems(baseline, changes, lastChanged, run) : [];
  return breakers.broke(added) ?? breakers.called(calls, results, outcomes);
}

/** A conversation that does not fit is condensed once; when it still does not fit, there is no point in doing it again. */
function onceInARow(keeper: ContextKeeper) {
  let made = false;
  return {
    /** Null when there is room again. */
    async make(profile: ModelProfile): Promise<Stop | null> {
      const full = made ? WINDOW_FULL : await keeper.overflow(profile);
      made = full === null;
      return full;
    },
    used() {
      made = false;
    },
  };
}
