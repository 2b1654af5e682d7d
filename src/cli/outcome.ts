import type { Usage } from '../core/ports';
import type { AgentEvent, EventOf } from '../protocol/events';
import type { LimitHit } from '../protocol/limits';
import type { Choice } from '../protocol/permission';
import { addSpend, type Spend, type Spent, totalSpent } from '../protocol/spend';
import type { StopReason } from '../protocol/workflow';

/** A call that was refused because a person would have had to allow it. */
export type Denied = {
  readonly tool: string;
  readonly title: string;
  readonly detail: string;
  readonly why: string;
  /** Rules which, given with --allow, would let it pass; empty when nothing opens it. */
  readonly rules: readonly string[];
};

export type Outcome = {
  readonly session: string | null;
  readonly reason: StopReason;
  /** The model's last words. */
  readonly text: string;
  readonly turns: number;
  readonly usage: Usage;
  /** US dollars; null when no price is known. */
  readonly cost: number | null;
  /** What this run spent, by agent, model and kind of request: `usage` and `cost` are its sum. */
  readonly spend: Spend;
  /** What the whole session has spent so far, earlier runs included. */
  readonly sessionTotal: Spent;
  /** The limit that stopped it. */
  readonly limit?: LimitHit;
  readonly denied: readonly Denied[];
  readonly detail?: string;
  readonly next?: string;
  readonly error?: string;
};

/** What one run came to, from its events alone. */
export function outcomeOf(session: string, reason: StopReason, events: readonly AgentEvent[], sessionTotal: Spent): Outcome {
  const spend = spendOf(events);
  const { cost, ...usage } = totalSpent(spend);
  const end = events.findLast((e) => e.type === 'run_ended');
  return {
    session,
    reason,
    text: lastText(events),
    turns: events.filter((e) => e.type === 'turn_started').length,
    usage,
    cost,
    spend,
    sessionTotal,
    denied: deniedIn(events),
    ...(end?.detail ? { detail: end.detail } : {}),
    ...(end?.next ? { next: end.next } : {}),
    ...(end?.error ? { error: end.error } : {}),
    ...(end?.limit ? { limit: end.limit } : {}),
  };
}

function spendOf(events: readonly AgentEvent[]): Spend {
  return events.reduce<Spend>((rows, event) => (event.type === 'usage' ? addSpend(rows, event) : rows), []);
}

/** What the model said last; a reply that went on after the output limit or a pause is one reply. */
function lastText(events: readonly AgentEvent[]): string {
  const messages = events.filter((e) => e.type === 'assistant_message');
  const begins = messages.slice(0, -1).findLastIndex((message) => !goesOn(message)) + 1;
  return messages
    .slice(begins)
    .flatMap(({ blocks }) => blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])))
    .join('');
}

function goesOn({ stop, blocks }: EventOf<'assistant_message'>): boolean {
  return (stop === 'max_tokens' || stop === 'pause_turn') && !blocks.some((block) => block.type === 'tool_use');
}

function deniedIn(events: readonly AgentEvent[]): readonly Denied[] {
  const asks = new Map<string, EventOf<'permission_asked'>>();
  return events.flatMap((event) => {
    if (event.type === 'permission_asked') asks.set(event.askId, event);
    if (event.type !== 'permission_decided' || event.decision.by.kind !== 'nobody') return [];
    const ask = asks.get(event.decision.askId ?? '');
    if (!ask) return [];
    const { tool, title, detail, why, choices } = ask;
    const offered = (id: Choice['id']) => choices.find((choice) => choice.id === id);
    return [{ tool, title, detail, why, rules: (offered('rule') ?? offered('session'))?.rules ?? [] }];
  });
}

/** The process's exit code. What was denied for lack of a person counts even when the model found an end without it. */
export function exitCodeOf({ reason, denied }: Pick<Outcome, 'reason' | 'denied'>): number {
  switch (reason) {
    case 'done':
      return denied.length > 0 ? 4 : 0;
    case 'stalled':
      return denied.length > 0 ? 4 : 1;
    case 'awaiting_user':
      return 4;
    case 'max_turns':
    case 'max_budget':
      return 3;
    case 'cancelled':
      return 130;
    case 'refused':
    case 'failed':
      return 1;
    default:
      return reason satisfies never;
  }
}
