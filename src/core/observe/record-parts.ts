import type { Attachment, Content } from '../../protocol/blocks';
import type { EventOf } from '../../protocol/events';
import type { Decider } from '../../protocol/permission';
import type { SystemRecord } from '../../protocol/system-log';
import { textTokens } from '../context/tokens';

/** A record as its event tells it; who it belongs to is added. */
export type Said = Pick<SystemRecord, 'kind' | 'text' | 'data'> & Partial<Pick<SystemRecord, 'level' | 'call'>>;

/** What came into the context with a message: a record for each attachment, with its place and its tokens. */
export function loadedRecords({ attachments, content, queueId }: EventOf<'user_message'>): readonly Said[] {
  const tokens = content.reduce((sum, part) => sum + tokensOf(part), 0);
  const text = `Message of ${tokens} tokens with ${attachments.length} attachments`;
  return [
    { kind: 'message', text, data: { tokens, attachments: attachments.length, queued: queueId !== undefined } },
    // Attachments stand before the words, each in its place.
    ...attachments.map((attachment, i): Said => {
      const what = placeOf(attachment);
      const own = content[i] ? tokensOf(content[i]) : 0;
      return {
        kind: 'context',
        text: `Loaded ${what}, ${own} tokens`,
        data: { what: 'loaded', of: attachment.kind, path: what, tokens: own },
      };
    }),
  ];
}

/** No words of the user's: a place, or what kind of thing it is. */
function placeOf(attachment: Attachment): string {
  switch (attachment.kind) {
    case 'file':
    case 'folder':
    case 'symbol':
    case 'selection':
      return attachment.path;
    case 'problems':
      return attachment.path ?? 'problems';
    case 'terminal':
    case 'image':
    case 'text':
      return attachment.kind;
    default:
      return attachment satisfies never;
  }
}

function tokensOf(content: Content): number {
  return content.type === 'text' ? textTokens(content.text) : 0;
}

/** What every request carries, the tools that there are, and why each other one is not. */
export function poolRecords({ tools: sent, system, held = [], absent = [] }: EventOf<'session_started'>): readonly Said[] {
  const tools = sent.filter((tool) => !tool.deferred);
  const passive = (what: string, tokens: number): Said => ({
    kind: 'context',
    text: `Loaded ${what}, ${tokens} tokens`,
    data: { what: 'loaded', of: 'passive', path: what, tokens },
  });
  return [
    passive('the instructions', textTokens(system.fixed)),
    passive('the session facts', textTokens(system.facts)),
    passive('the tools', textTokens(JSON.stringify(tools))),
    {
      kind: 'tools',
      text: `${tools.length} tools are there, ${held.length} by name only, ${absent.length} not`,
      data: { available: tools.length, held: held.length, absent: absent.length, names: tools.map((tool) => tool.name).join(' ') },
    },
    ...absent.map(({ name, why }): Said => ({ kind: 'tools', text: `${name} is not available: ${why}`, data: { tool: name, why } })),
  ];
}

export function decidedRecord({ decision }: EventOf<'permission_decided'>): Said {
  const { tool, verdict, handler, inputHash, callId } = decision;
  const by = whoDecided(decision.by);
  const rule = decision.by.kind === 'rule' ? decision.by.rule.rule : null;
  return {
    kind: 'permission',
    call: callId,
    text: `${tool}: ${verdict} by ${by}`,
    data: { tool, verdict, by, rule, handler, inputHash, class: decision.class },
  };
}

/** Who or what decided, in words. */
export function whoDecided(by: Decider): string {
  switch (by.kind) {
    case 'rule':
      return `the ${by.rule.source} rule ${by.rule.effect} ${by.rule.rule}`;
    case 'mode':
      return `${by.mode} mode`;
    case 'class':
      return 'its class';
    case 'user':
      return `the user (${by.choice})`;
    case 'nobody':
      return 'nobody being there';
    case 'cancel':
      return 'the stop of the run';
    default:
      return by satisfies never;
  }
}

export function retryRecord({ workflow }: EventOf<'state_changed'>): readonly Said[] {
  switch (workflow.at) {
    case 'retrying': {
      const { attempt, until, cause } = workflow;
      return [{ kind: 'retry', level: 'warn', text: cause, data: { attempt, until } }];
    }
    case 'interrupted':
      return [{ kind: 'interrupted', level: 'warn', text: 'The run was cut off', data: { unknown: workflow.unknown.join(' ') } }];
    case 'idle':
    case 'thinking':
    case 'acting':
    case 'checking':
    case 'ended':
      return [];
    default:
      return workflow satisfies never;
  }
}

export function endRecord({ reason, error, retryable, phase, lastTool, limit }: EventOf<'run_ended'>): Said {
  const where = reason === 'done' || !phase ? '' : `, in phase ${phase}${lastTool ? `, last tool ${lastTool}` : ''}`;
  return {
    kind: 'end',
    level: reason === 'failed' ? 'error' : 'info',
    text: `Run ended: ${reason}${error ? ` (${error})` : ''}${where}`,
    data: {
      reason,
      error: error ?? null,
      retryable,
      phase: phase ?? null,
      lastTool: lastTool ?? null,
      ...(limit ? { limit: limit.name, used: limit.used, next: limit.next } : {}),
    },
  };
}
