import type { CompactedBy } from '../../protocol/event-parts';
import type { AgentEvent, EventOf } from '../../protocol/events';
import { BREAKERS } from '../breakers';
import { ModelError } from '../errors';
import { COMPACTION } from '../fold';
import type { Stop } from '../limits';
import type { ModelProfile, ModelRequest } from '../ports';
import type { RunContext } from '../run-context';
import { askAside, fitAside, type SideRequest } from '../side-request';
import { WINDOW_FULL } from '../stops';
import { conversationOf, type History } from './history';
import { KEPT_TOKENS, keptFrom, trimmed } from './kept';
import { notice } from './notice';
import { buildRequest, systemOf } from './request';
import { FILE_TOKENS, FILES, restoredState } from './restore';
import { readSummary, summaryRequest } from './summary';
import { requestTokens, textTokens } from './tokens';
import { condensed, isSaid } from './view';
import { thresholdOf, windowTokens } from './window';

/** Automatic compaction is given up after this many failures in a row [C3]. */
const FAILURES = 3;
/** Due again within this many turns, the window refills as fast as it is emptied. */
const REFILL_TURNS = 2;
/** Of the window, at most: files that are put back, and messages that stay. Small windows need the bounds. */
const RESTORED_SHARE = 0.125;
const KEPT_SHARE = 0.1;
/** A summary that is cut helps nobody: without room for this much it is not asked for. */
const LEAST_SUMMARY = 4_096;
/** What is summed up when the conversation itself does not fit: its newest part, by share of the window. */
const TRIMS = [0.5, 0.25];

export type Compactor = {
  /** Before a request: condenses when the window is nearly full, unless that was given up. */
  ifDue(profile: ModelProfile): Promise<void>;
  /** The service says that the conversation does not fit: null when it has been condensed and is worth sending again. */
  overflow(profile: ModelProfile): Promise<Stop | null>;
  /** The user asks for it. Null when it worked, else why it did not. */
  now(profile: ModelProfile, instructions: string): Promise<NotCondensed | null>;
};
/** `stop`: a limit was in the way, and nothing was sent. */
export type NotCondensed = { readonly why: string; readonly stop?: Stop };

export type CompactorInput = { readonly run: RunContext; readonly history: History; readonly events: () => readonly AgentEvent[] };

/** Condenses the conversation: the summary is a request beside it, its result one event, and the rest follows by the fold. */
export function createCompactor({ run, history, events }: CompactorInput): Compactor {
  /** Where the part that stays begins: less stays when otherwise nothing would be left to condense. */
  function cutFor(profile: ModelProfile): number | null {
    const room = Math.min(KEPT_TOKENS, profile.contextWindow * KEPT_SHARE);
    const sent = history.isSent();
    for (const less of [
      { sent, room },
      { sent, room: 0 },
      { sent: true, room: 0 },
    ]) {
      const kept = keptFrom(events(), history.view(), less.sent, less.room);
      if (events().some((e) => e.type === 'assistant_message' && isSaid(history.view(), e.seq) && e.seq < kept)) return kept;
    }
    return null;
  }

  /** The conversation as it stands with the instruction at its tail; without its older part where it would not fit. */
  function summaryOf(profile: ModelProfile, instructions: string, share: number | null): SideRequest {
    const part = share === null ? null : trimmed(events(), history.view(), profile.contextWindow * share);
    const messages = part ? conversationOf(events(), part).messages() : history.messages();
    const previousEnd = part ? null : history.lastRequestEnd();
    const { model } = run.state();
    const request = buildRequest({
      header: headerOf(run),
      model,
      messages,
      previousEnd,
      profile,
      settings: run.settings,
      uncached: run.uncached(),
    });
    const asked = summaryRequest(instructions);
    const prompt = (part ? requestTokens(request, messages) : windowTokens(run.state(), history)) + textTokens(asked);
    return { request: atTail(request, asked), prompt, continues: part === null, least: LEAST_SUMMARY };
  }

  async function ask(profile: ModelProfile, by: CompactedBy, instructions: string) {
    const shares = sharesOf(by);
    for (const share of shares) {
      try {
        const reply = await askAside(run, summaryOf(profile, instructions, share), profile);
        return reply.kind === 'reply'
          ? readSummary(reply.blocks, reply.stop)
          : { ok: false as const, why: reply.stop.detail, stop: reply.stop };
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        if (error.kind !== 'too_long' || share === shares.at(-1)) return { ok: false as const, why: error.message };
      }
    }
    return { ok: false as const, why: 'nothing of the conversation fits' };
  }

  /** Null when it worked. */
  async function compact(profile: ModelProfile, by: CompactedBy, instructions: string): Promise<NotCondensed | null> {
    const failed = (why: string, stop?: Stop): NotCondensed => {
      run.emit({ type: 'compaction_failed', by, detail: why });
      return { why, stop };
    };
    const header = headerOf(run);
    const before = windowTokens(run.state(), history);
    const kept = cutFor(profile);
    if (kept === null) return failed('There is nothing to condense: the conversation is short.');
    // Known before anything is begun: a limit is no failure of the summary.
    const fit = fitAside(run, summaryOf(profile, instructions, sharesOf(by)[0] ?? null), profile);
    if (!fit.ok) return { why: fit.stop.detail, stop: fit.stop };
    run.emit({ type: 'state_changed', workflow: { at: 'thinking', turn: run.state().turn + 1 } });
    run.emit({ type: 'compaction_started', by, before });
    await run.flush();
    const summary = await ask(profile, by, instructions);
    if (!summary.ok) return failed(`The conversation was not condensed: ${summary.why}.`, 'stop' in summary ? summary.stop : undefined);

    const budget = Math.min(FILES * FILE_TOKENS, profile.contextWindow * RESTORED_SHARE);
    const { texts, files, tools } = await restoredState(run, events(), kept, history.view(), budget);
    const compaction = {
      summary: summary.text,
      keptFrom: kept,
      restored: [...texts],
      dropThinking: profile.thinking === 'adaptive',
      tools: [...tools],
    };
    const view = condensed(history.view(), { ...compaction, seq: events().length + 1 });
    const after = requestTokens({ tools: header.tools, system: systemOf(header) }, conversationOf(events(), view).messages());
    if (after >= before) return failed('The conversation was not condensed: its summary would be no shorter.');
    run.emit({ type: 'context_compacted', by, ...compaction, files: { ...files }, before, after });
    await run.flush();
    return null;
  }

  function givenUp(detail: string): void {
    run.emit({ type: 'breaker_tripped', breaker: COMPACTION, detail, next: BREAKERS[COMPACTION].next });
  }

  return {
    async ifDue(profile) {
      const { compaction, turn } = run.state();
      const tokens = windowTokens(run.state(), history);
      if (compaction.off || compaction.held || tokens <= thresholdOf(profile, run.settings)) return;
      if (compaction.lastTurn !== null && turn - compaction.lastTurn <= REFILL_TURNS) {
        givenUp('The window filled up again right after the conversation was condensed. It is not condensed by itself any more.');
        return;
      }
      await compact(profile, 'limit', '');
      if (run.state().compaction.failures >= FAILURES)
        givenUp(`The conversation could not be condensed ${FAILURES} times in a row. It is not tried by itself any more.`);
    },
    async overflow(profile) {
      if (run.state().compaction.off) return WINDOW_FULL;
      const failure = await compact(profile, 'overflow', '');
      return failure && (failure.stop ?? WINDOW_FULL);
    },
    now: (profile, instructions) => compact(profile, 'user', instructions),
  };
}

function sharesOf(by: CompactedBy): readonly (number | null)[] {
  return by === 'overflow' ? TRIMS : [null];
}

function headerOf(run: RunContext): EventOf<'session_started'> {
  const { header } = run.state();
  if (!header) throw new Error('a run needs a started session');
  return header;
}

/** Appends the harness's own question without touching what stands before it; unmarked, for nothing follows it. */
function atTail(request: ModelRequest, text: string): ModelRequest {
  const block = { type: 'text' as const, text: notice(text) };
  const last = request.messages.at(-1);
  if (last?.role !== 'user') return { ...request, messages: [...request.messages, { role: 'user', content: [block] }] };
  return { ...request, messages: request.messages.with(-1, { role: 'user', content: [...last.content, block] }) };
}
