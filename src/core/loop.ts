import type { ToolUseBlock } from '../protocol/blocks';
import { createBreakers, type Tripped } from './breakers';
import { layersOf, reportMiss } from './context/cache-watch';
import { problemsBefore, reportProblems } from './context/diagnostics-report';
import type { History } from './context/history';
import type { ContextKeeper } from './context/keeper';
import { buildRequest } from './context/request';
import { windowTokens } from './context/window';
import { costOf, limitReached, type Stop } from './limits';
import type { DiagnosticsBaseline, ModelProfile } from './ports';
import type { RunContext } from './run-context';
import { createBatch } from './schedule';
import { CANCELLED, nextAfter, rejectCut, stalled, WINDOW_FULL } from './stops';
import { takeTurn } from './turn';

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
  for (let turns = 0; ; turns++) {
    const turn = run.state().turn;
    const tripped = await act(run, batch, breakers, turn);
    if (run.signal.aborted) return CANCELLED;
    if (tripped) return stalled(run, tripped);
    await between();
    const limits = await profile();
    await keeper.beforeRequest(limits);

    const { header, model } = run.state();
    if (!header) throw new Error('a run needs a started session');
    const stop = limitReached(run.state(), turns, windowTokens(run.state(), history), limits, run.settings);
    if (stop) return stop;
    const request = buildRequest({
      header,
      messages: history.messages(),
      previousEnd: history.lastRequestEnd(),
      model,
      profile: limits,
      settings: run.settings,
    });

    const { cache } = run.state();
    const layers = layersOf(request, history.messages(), cache, run.ports.hash);
    run.emit({ type: 'turn_started', turn: turn + 1, model, layers });
    run.emit({ type: 'state_changed', workflow: { at: 'thinking', turn: turn + 1 } });
    const saved = run.flush();
    saved.catch(() => undefined); // told below: the request need not wait for the disk, what comes of it does
    const end = await takeTurn({ run, request, turn: turn + 1, watch: batch });
    if (end.kind === 'too_long') {
      if (!(await room.make(limits))) return WINDOW_FULL;
      continue;
    }
    if (end.usage) {
      run.emit({ type: 'usage', of: 'turn', model: end.model, ...end.usage, cost: costOf(end.usage, limits) });
      reportMiss(run, cache, end.usage.cacheRead);
    }
    if (end.kind === 'cancelled') {
      if (end.blocks.length > 0)
        run.emit({ type: 'assistant_message', blocks: [...end.blocks], stop: 'cancelled', partial: true, model: end.model });
      return CANCELLED;
    }
    const calls = end.blocks.filter((b): b is ToolUseBlock => b.type === 'tool_use');
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
        if (next.stop.reason === 'done' && (await between())) continue;
        return next.stop;
      case 'act':
        breakers.progressed();
        room.used();
        continue;
      case 'cut': {
        batch.abandon();
        rejectCut(run, calls);
        const over = breakers.continued(end.usage.output);
        if (over) return stalled(run, over);
        if (next.windowFull && !(await room.make(limits))) return WINDOW_FULL;
        continue;
      }
      case 'pause': {
        const over = breakers.continued(end.usage.output);
        if (over) return stalled(run, over);
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
): Promise<Tripped | null> {
  const calls = run.state().pending;
  if (calls.length === 0) return null;
  let baseline: DiagnosticsBaseline | null = null;
  const { changes, lastChanged, results } = await batch.run(calls, turn, async (ready) => {
    baseline = await problemsBefore(ready, run);
  });
  const added = lastChanged ? await reportProblems(baseline, changes, lastChanged, run) : [];
  return breakers.broke(added) ?? breakers.called(calls, results);
}

/** A conversation that does not fit is condensed once; when it still does not fit, there is no point in doing it again. */
function onceInARow(keeper: ContextKeeper) {
  let made = false;
  return {
    async make(profile: ModelProfile): Promise<boolean> {
      made = !made && (await keeper.overflow(profile));
      return made;
    },
    used() {
      made = false;
    },
  };
}
