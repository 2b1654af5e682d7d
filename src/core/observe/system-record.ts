import type { AgentEvent, EventOf } from '../../protocol/events';
import type { Decider } from '../../protocol/permission';
import { SYSTEM_LOG_VERSION, type SystemRecord } from '../../protocol/system-log';

type Said = Pick<SystemRecord, 'kind' | 'text'> & Partial<Pick<SystemRecord, 'level' | 'call' | 'data'>>;

/** What the system log keeps of an event, or null when the event is conversation alone [L1]. */
export function systemRecord(event: AgentEvent): SystemRecord | null {
  const said = describe(event);
  if (!said) return null;
  return { v: SYSTEM_LOG_VERSION, at: event.at, level: 'info', session: event.session, turn: event.turn, data: {}, ...said };
}

function describe(event: AgentEvent): Said | null {
  switch (event.type) {
    case 'session_started': {
      const { model, mode, promptVersion, trusted, app } = event;
      const defined = event.tools.filter((tool) => !tool.deferred);
      const tools = defined.map((tool) => tool.name).join(' ');
      const held = event.held?.join(' ') ?? '';
      const absent = event.absent?.map(({ name, why }) => `${name}: ${why}`).join('; ') ?? '';
      const uncached = event.system.sections?.filter((one) => !one.cached).map(({ name, reason }) => `${name}: ${reason}`) ?? [];
      const sections = event.system.sections?.map(({ name, tokens }) => `${name} ${tokens}`).join(', ') ?? '';
      const text = `Session started with ${model} in ${mode} mode, ${defined.length} tools, prompt ${promptVersion}`;
      return {
        kind: 'session',
        text,
        data: {
          model,
          mode,
          promptVersion,
          trusted,
          app,
          tools,
          held,
          absent,
          sections,
          uncached: uncached.join('; '),
          roots: event.roots.join(' '),
        },
      };
    }
    case 'mode_changed':
      return { kind: 'mode', text: `Mode is ${event.mode}`, data: { mode: event.mode } };
    case 'model_changed':
      return { kind: 'model', text: `Model is ${event.model}`, data: { model: event.model } };
    case 'user_message':
      return {
        kind: 'message',
        text: `Message with ${event.attachments.length} attachments`,
        data: { attachments: event.attachments.map((a) => a.kind).join(' '), queued: event.queueId !== undefined },
      };
    case 'notice':
      return { kind: 'notice', text: `Told the model: ${event.of}`, data: { of: event.of } };
    case 'turn_started':
      return { kind: 'request', text: `Request to ${event.model}`, data: { model: event.model } };
    case 'assistant_message':
      return {
        kind: 'reply',
        text: `Reply ended with ${event.stop}`,
        data: { stop: event.stop, partial: event.partial, blocks: event.blocks.length },
      };
    case 'usage': {
      const { input, output, cacheRead, cacheWrite, cost, of, doubt } = event;
      return {
        kind: 'usage',
        ...(doubt === undefined ? {} : { level: 'warn' as const }),
        text: `${input + cacheRead + cacheWrite} tokens in, ${output} out${doubt === undefined ? '' : `. ${doubt}`}`,
        data: { of, input, output, cacheRead, cacheWrite, cost },
      };
    }
    case 'tool_started':
      return { kind: 'call', call: event.callId, text: `${event.tool} (${event.class})`, data: { tool: event.tool, class: event.class } };
    case 'permission_asked':
      return {
        kind: 'ask',
        call: event.callId,
        text: `Asked: ${event.tool}, ${event.risk} risk`,
        data: { tool: event.tool, risk: event.risk, parts: event.parts.length },
      };
    case 'permission_decided':
      return decided(event);
    case 'effect_intended':
      return {
        kind: 'effect',
        call: event.callId,
        text: `${event.tool} begins its effect`,
        data: { tool: event.tool, key: event.key, retrySafe: event.retrySafe },
      };
    case 'rewound':
    case 'rewind_undone':
      return {
        kind: 'rewind',
        text: event.type === 'rewound' ? `Back to before event ${event.to}: ${event.what}` : `Rewind ${event.rewind} taken back`,
        data: { what: event.what, files: event.files.length, left: event.left.length },
      };
    case 'tool_finished': {
      const { tool, outcome, ms, spill } = event;
      return {
        kind: 'result',
        level: outcome === 'unknown' ? 'warn' : 'info',
        call: event.callId,
        text: `${tool}: ${outcome} after ${Math.round(ms)} ms`,
        data: { tool, outcome, ms: Math.round(ms), spill: spill ?? null },
      };
    }
    case 'change_reviewed':
      return {
        kind: 'review',
        text: `${event.hunks} changes ${event.decision}`,
        data: { decision: event.decision, hunks: event.hunks, left: event.left },
      };
    case 'diagnostics':
      return {
        kind: 'problems',
        call: event.callId,
        text: `${event.added.length} new, ${event.fixed} fixed${event.fresh ? '' : ', not settled'}`,
        data: { added: event.added.length, fixed: event.fixed, fresh: event.fresh },
      };
    case 'state_changed':
      if (event.workflow.at === 'retrying')
        return {
          kind: 'retry',
          level: 'warn',
          text: event.workflow.cause,
          data: { attempt: event.workflow.attempt, until: event.workflow.until },
        };
      return event.workflow.at === 'interrupted'
        ? { kind: 'interrupted', level: 'warn', text: 'The run was cut off', data: { unknown: event.workflow.unknown.join(' ') } }
        : null;
    case 'context_changed':
      return { kind: 'context', call: event.callId, text: event.kind, data: { kind: event.kind } };
    case 'limit_decided': {
      const { limit, decision, from, to } = event;
      const text = decision === 'kept' ? `Ended at ${limit}` : to === null ? `${limit} was lifted` : `${limit} was raised to ${to}`;
      return { kind: 'limit', text, data: { limit, decision, from, to } };
    }
    case 'breaker_tripped':
      return { kind: 'breaker', level: 'warn', text: `${event.breaker} stopped the run`, data: { breaker: event.breaker } };
    case 'run_ended':
      return {
        kind: 'end',
        level: event.reason === 'failed' ? 'error' : 'info',
        text: `Run ended: ${event.reason}${event.error ? ` (${event.error})` : ''}`,
        data: {
          reason: event.reason,
          error: event.error ?? null,
          retryable: event.retryable,
          ...(event.limit ? { limit: event.limit.name, used: event.limit.used, next: event.limit.next } : {}),
        },
      };
    default:
      return null;
  }
}

function decided({ decision }: EventOf<'permission_decided'>): Said {
  const { tool, verdict, handler, inputHash } = decision;
  const by = decider(decision.by);
  return {
    kind: 'permission',
    call: decision.callId,
    text: `${tool}: ${verdict} by ${by}`,
    data: { tool, verdict, by, handler, inputHash, class: decision.class },
  };
}

function decider(by: Decider): string {
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
