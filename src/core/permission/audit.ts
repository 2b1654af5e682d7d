import type { ToolUseBlock } from '../../protocol/blocks';
import type { Outcome } from '../../protocol/call-events';
import { type Denials, foldDenials, NO_DENIALS } from '../../protocol/denials';
import type { AgentEvent, EventOf } from '../../protocol/events';
import type { Decider, Decision, Mode, Rule } from '../../protocol/permission';

/** One decision, whole: what was decided, when, for whom, about exactly which input, by what and with what end [P4]. */
export type AuditRecord = Omit<Decision, 'mode' | 'cwd'> & {
  readonly id: string;
  readonly at: number;
  readonly session: string;
  readonly agent: string;
  readonly turn?: number;
  /** The call as its card showed it. */
  readonly title: string;
  readonly detail: string;
  readonly mode: Mode;
  /** What came of the call; `open` while it has not ended, or when it never did. */
  readonly outcome: Outcome | 'open';
};

/** A decision with all that it takes to judge the same call again. */
export type PastDecision = {
  readonly record: AuditRecord;
  /** The call as the model sent it, secrets taken out; undefined when the log does not hold it. */
  readonly call?: Pick<ToolUseBlock, 'name' | 'input'>;
  /** Rules that this session had been given by then. */
  readonly rules: readonly Rule[];
  /** Whether auto mode was paused just then. */
  readonly paused: Denials['paused'];
  readonly roots: readonly string[];
  readonly cwd?: string;
  readonly trusted: boolean;
};

/** Every decision of one session, oldest first: a fold over its log. What a fork copied from elsewhere is the other session's. */
export function decisionsIn(events: readonly AgentEvent[]): readonly PastDecision[] {
  const found: { readonly event: EventOf<'permission_decided'>; readonly past: Omit<PastDecision, 'record'>; mode: Mode }[] = [];
  const cards = new Map<string, { readonly title: string; readonly detail: string }>();
  const blocks = new Map<string, ToolUseBlock>();
  const outcomes = new Map<string, Outcome>();
  const open = new Map<string, string[]>();
  let header: EventOf<'session_started'> | undefined;
  let mode: Mode = 'ask';
  let rules: readonly Rule[] = [];
  let denials = NO_DENIALS;
  for (const event of events) {
    switch (event.type) {
      case 'session_started':
        header = event;
        mode = event.mode;
        break;
      case 'mode_changed':
        mode = event.mode;
        denials = foldDenials(denials, event);
        break;
      case 'assistant_message':
        for (const block of event.blocks) if (block.type === 'tool_use') blocks.set(block.id, block);
        break;
      case 'tool_started':
        cards.set(event.callId, { title: event.title, detail: event.detail });
        break;
      case 'permission_decided': {
        const { callId, cwd = header?.roots[0], savedRules = [] } = event.decision;
        const { paused } = denials;
        const past = { call: blocks.get(callId), rules, paused, roots: header?.roots ?? [], cwd, trusted: header?.trusted ?? true };
        if (!event.elsewhere) found.push({ event, past, mode: event.decision.mode ?? mode });
        denials = foldDenials(denials, event);
        open.set(callId, [...(open.get(callId) ?? []), event.id]);
        rules = [...rules, ...savedRules.filter((rule) => rule.source === 'session')];
        break;
      }
      case 'tool_finished':
        // After a crash a call may have been asked twice: its end is that of both.
        for (const id of open.get(event.callId) ?? []) outcomes.set(id, event.outcome);
        open.delete(event.callId);
        break;
      default:
        break;
    }
  }
  return found.map(({ event, past, mode }) => {
    const { cwd: _cwd, ...decision } = event.decision;
    const { id, at, session, agent, turn } = event;
    const card = cards.get(decision.callId) ?? { title: decision.tool, detail: '' };
    return { record: { id, at, session, agent, turn, ...card, ...decision, mode, outcome: outcomes.get(id) ?? 'open' }, ...past };
  });
}

export const AUDIT_OUTCOMES = ['allow', 'deny', 'ok', 'error', 'denied', 'cancelled', 'unknown', 'open'] as const;

export type AuditFilter = {
  readonly tool?: string;
  readonly agent?: string;
  /** The verdict, or what came of the call. */
  readonly outcome?: (typeof AUDIT_OUTCOMES)[number];
  /** Milliseconds since the epoch. */
  readonly since?: number;
  /** Part of a rule that decided, or that was saved with the decision. */
  readonly rule?: string;
};

/** Tells whether a record is among those that are wanted. */
export function auditFilter({ tool, agent, outcome, since, rule }: AuditFilter): (record: AuditRecord) => boolean {
  const wanted = rule?.toLowerCase();
  return (record) =>
    (tool === undefined || record.tool === tool) &&
    (agent === undefined || record.agent === agent) &&
    (outcome === undefined || record.verdict === outcome || record.outcome === outcome) &&
    (since === undefined || record.at >= since) &&
    (wanted === undefined || rulesOfRecord(record).some((text) => text.toLowerCase().includes(wanted)));
}

function rulesOfRecord({ by, savedRules = [] }: AuditRecord): readonly string[] {
  return [...(by.kind === 'rule' ? [by.rule.rule] : []), ...savedRules.map((saved) => saved.rule)];
}

/** The rule that decided and where it stood, or the name of what else did. */
export function deciderName(by: Decider): string {
  switch (by.kind) {
    case 'rule':
      return by.rule.rule;
    case 'mode':
      return `mode:${by.mode}`;
    case 'class':
      return `class:${by.class}`;
    case 'user':
    case 'nobody':
    case 'cancel':
      return by.kind;
    default:
      return by satisfies never;
  }
}
