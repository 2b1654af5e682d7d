import type { AgentEvent } from '../../protocol/events';
import type { Decider } from '../../protocol/permission';
import { type RecordBody, wellFormed } from './record';

type Told<R> = R extends RecordBody ? Omit<R, 'first' | 'lines'> : never;

/** What the chain says of events: decisions, effects and their outcomes by name, each with what it follows from. */
export type Teller = {
  /** The events of the log so far, none of which is told of. */
  note(event: AgentEvent): void;
  /** Null for an event that is covered and no more. */
  tell(event: AgentEvent): Told<RecordBody> | null;
};

export function createTeller(): Teller {
  const allowed = new Map<string, number>();
  const intents = new Map<string, number>();

  function note(event: AgentEvent): void {
    if (event.type === 'permission_decided') {
      if (event.decision.verdict === 'allow') allowed.set(event.decision.callId, event.seq);
      else allowed.delete(event.decision.callId);
    }
    if (event.type === 'effect_intended') intents.set(event.callId, event.seq);
  }

  return {
    note,
    tell(event) {
      note(event);
      switch (event.type) {
        case 'permission_decided': {
          const { inputHash, verdict, by } = event.decision;
          return { kind: 'decision', ...callOf(event.decision), inputHash, verdict, decider: wellFormed(deciderText(by)) };
        }
        case 'effect_intended': {
          const { callId, class: effect, key } = event;
          return { kind: 'intent', ...callOf(event), class: effect, key, allowedBy: allowed.get(callId) ?? null };
        }
        case 'tool_finished': {
          const intent = intents.get(event.callId);
          if (intent === undefined) return null;
          return { kind: 'outcome', ...callOf(event), outcome: event.outcome, intent };
        }
        default:
          return null;
      }
    },
  };
}

function callOf({ callId, tool }: { readonly callId: string; readonly tool: string }) {
  return { callId: wellFormed(callId), tool: wellFormed(tool) };
}

function deciderText(by: Decider): string {
  switch (by.kind) {
    case 'class':
      return `class ${by.class}`;
    case 'mode':
      return `mode ${by.mode}`;
    case 'rule':
      return `rule ${by.rule.rule} (${by.rule.source})`;
    case 'user':
      return `user, ${by.choice}`;
    case 'nobody':
    case 'cancel':
      return by.kind;
    default:
      return by satisfies never;
  }
}
