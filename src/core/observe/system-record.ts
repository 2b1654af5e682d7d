import type { AgentEvent, EventOf } from '../../protocol/events';
import { SYSTEM_LOG_VERSION, type SystemRecord } from '../../protocol/system-log';
import { textTokens } from '../context/tokens';
import { decidedRecord, endRecord, loadedRecords, poolRecords, retryRecord, type Said } from './record-parts';
import { replyLength } from './reply-length';

/** What the system log keeps of an event; nothing when the event is conversation alone [L1]. */
export function systemRecords(event: AgentEvent): readonly SystemRecord[] {
  const { at, session, turn, seq } = event;
  return describe(event).map((said) => ({ v: SYSTEM_LOG_VERSION, at, level: 'info', session, turn, seq, ...said }));
}

/** A step of the start of Plumb or of a session, and how long it took. */
export function initRecord(at: number, session: string, step: string, ms: number): SystemRecord {
  const text = `${step} took ${Math.round(ms)} ms`;
  return { v: SYSTEM_LOG_VERSION, at, level: 'info', kind: 'init', session, text, data: { step, ms: Math.round(ms) } };
}

function describe(event: AgentEvent): readonly Said[] {
  switch (event.type) {
    case 'session_started':
      return started(event);
    case 'mode_changed': {
      const { mode, by = 'user' } = event;
      return [{ kind: 'mode', text: `Mode is ${mode}, set by ${BY[by]}`, data: { mode, by } }];
    }
    case 'model_changed': {
      const { model, by = 'user', uncached } = event;
      return [{ kind: 'model', text: `Model is ${model}, set by ${BY[by]}`, data: { model, by, uncached: uncached ?? 0 } }];
    }
    case 'message_queued':
      return [{ kind: 'queue', text: 'A message waits for the next step', data: { queueId: event.queueId } }];
    case 'message_unqueued':
      return [{ kind: 'queue', text: 'A message that waited was taken back', data: { queueId: event.queueId } }];
    case 'user_message':
      return loadedRecords(event);
    case 'notice':
      return [{ kind: 'notice', text: `Told the model: ${event.of}`, data: { of: event.of, tokens: textTokens(event.text) } }];
    case 'turn_started': {
      const { model, layers } = event;
      return [{ kind: 'request', text: `Request to ${model}`, data: { model, effort: layers?.effort ?? null } }];
    }
    case 'assistant_message': {
      const { stop, partial, blocks } = event;
      return [
        {
          kind: 'reply',
          text: `Reply ended with ${stop}`,
          data: { stop, partial, blocks: blocks.length, words: replyLength(event)?.words ?? 0 },
        },
      ];
    }
    case 'usage': {
      const { input, output, cacheRead, cacheWrite, cost, of, model, doubt } = event;
      const text = `${input + cacheRead + cacheWrite} tokens in, ${output} out${cost === null ? '' : `, $${cost.toFixed(4)}`}${doubt === undefined ? '' : `. ${doubt}`}`;
      return [
        {
          kind: 'usage',
          level: doubt === undefined ? 'info' : 'warn',
          text,
          data: { of, model, input, output, cacheRead, cacheWrite, cost },
        },
      ];
    }
    case 'tool_started': {
      const { tool, callId } = event;
      return [{ kind: 'call', call: callId, text: `${tool} (${event.class})`, data: { tool, class: event.class } }];
    }
    case 'permission_asked': {
      const { tool, risk, callId, parts } = event;
      return [{ kind: 'ask', call: callId, text: `Asked: ${tool}, ${risk} risk`, data: { tool, risk, parts: parts.length } }];
    }
    case 'permission_decided':
      return [decidedRecord(event)];
    case 'question_asked':
      return [{ kind: 'question', call: event.callId, text: `Asked ${event.questions.length} questions`, data: {} }];
    case 'question_answered':
      return [{ kind: 'question', call: event.callId, text: `Got ${event.answers.length} answers`, data: {} }];
    case 'effect_intended': {
      const { tool, key, retrySafe, callId } = event;
      return [{ kind: 'effect', call: callId, text: `${tool} begins its effect`, data: { tool, key, retrySafe } }];
    }
    case 'files_changed': {
      const paths = event.files.map((file) => file.path).join(' ');
      const text = `${event.files.length} files changed by a ${event.by}`;
      return [{ kind: 'files', call: event.callId, text, data: { by: event.by, paths, missed: event.missed ?? '' } }];
    }
    case 'tool_finished':
      return finished(event);
    case 'effect_settled': {
      const { callId, tool, what } = event;
      return [{ kind: 'effect', call: callId, text: `${tool}: the user says ${what}`, data: { tool, settled: what } }];
    }
    case 'change_reviewed': {
      const { decision, hunks, left, path } = event;
      return [{ kind: 'review', text: `${hunks} changes ${decision}`, data: { decision, hunks, left, path } }];
    }
    case 'diagnostics': {
      const { added, fixed, fresh, callId } = event;
      const text = `${added.length} new, ${fixed} fixed${fresh ? '' : ', not settled'}`;
      return [{ kind: 'problems', call: callId, text, data: { added: added.length, fixed, fresh } }];
    }
    case 'context_changed': {
      const path = event.kind === 'spilled' ? event.detail : '';
      return [{ kind: 'context', call: event.callId, text: event.kind, data: { what: event.kind, path } }];
    }
    case 'compaction_queued':
      return [{ kind: 'compaction', text: 'The user asked for a compaction', data: { by: 'user', what: 'queued' } }];
    case 'compaction_started': {
      const { by, before } = event;
      return [{ kind: 'compaction', text: `Condensing ${before} tokens (${by})`, data: { by, before } }];
    }
    case 'context_compacted': {
      const { by, before, after, keptFrom, files } = event;
      const data = { by, before, after, keptFrom, paths: Object.keys(files).join(' ') };
      return [{ kind: 'compaction', text: `Condensed ${before} tokens to ${after}`, data }];
    }
    case 'compaction_failed':
      return [{ kind: 'compaction', level: 'warn', text: 'Condensing failed', data: { by: event.by, why: event.detail } }];
    case 'compaction_undone':
      return [{ kind: 'compaction', text: 'The last condensing was taken back', data: { compaction: event.compaction } }];
    case 'summary_edited':
      return [{ kind: 'compaction', text: 'The user changed the summary', data: { compaction: event.compaction } }];
    case 'context_evicted': {
      const { by, callIds, parts = [], spans = [], tokens } = event;
      const turns = spans.reduce((sum, span) => sum + span.turns, 0);
      const text = `${callIds.length} results, ${parts.length} attachments and ${turns} turns taken out (${by}), ${tokens} tokens freed`;
      const data = { what: 'evicted', by, tokens, calls: callIds.join(' '), parts: parts.join(' '), turns };
      return [{ kind: 'context', text, data }];
    }
    case 'eviction_undone': {
      const data = { what: 'eviction_undone', eviction: event.eviction };
      return [{ kind: 'context', text: `What event ${event.eviction} took out is back`, data }];
    }
    case 'eviction_queued': {
      const data = { what: 'eviction_queued', parts: event.ids.length, turns: event.turns.length };
      return [{ kind: 'context', text: 'The user chose what to take out after the step', data }];
    }
    case 'eviction_unqueued':
      return [{ kind: 'context', text: 'What was to be taken out stays', data: { what: 'eviction_unqueued' } }];
    case 'rewound':
    case 'rewind_undone': {
      const text = event.type === 'rewound' ? `Back to before event ${event.to}: ${event.what}` : `Rewind ${event.rewind} taken back`;
      return [{ kind: 'rewind', text, data: { what: event.what, files: event.files.length, left: event.left.length } }];
    }
    case 'cache_missed': {
      const { cause, expected, read, detail } = event;
      const text = `Read ${read} of ${expected} tokens from the cache: ${detail}`;
      return [{ kind: 'cache', level: 'warn', text, data: { cause, expected, read } }];
    }
    case 'state_changed':
      return retryRecord(event);
    case 'limit_decided': {
      const { limit, decision, from, to } = event;
      const text = decision === 'kept' ? `Ended at ${limit}` : to === null ? `${limit} was lifted` : `${limit} was raised to ${to}`;
      return [{ kind: 'limit', text, data: { limit, decision, from, to } }];
    }
    case 'breaker_tripped':
      return [{ kind: 'breaker', level: 'warn', text: `${event.breaker} tripped`, data: { breaker: event.breaker } }];
    case 'run_ended':
      return [endRecord(event)];
    // Conversation, previews of it, and what the panel alone shows.
    case 'session_titled':
    case 'delta':
    case 'change_proposed':
    case 'tasks_changed':
      return [];
    default:
      return event satisfies never;
  }
}

const BY = { user: 'the user', flag: 'a flag', unavailable: 'Plumb, because the one before is not to be had' } as const;

function started(event: EventOf<'session_started'>): readonly Said[] {
  const { model, modelBy, mode, promptVersion, trusted, app, version, system } = event;
  const sections = system.sections?.map(({ name, tokens }) => `${name} ${tokens}`).join(', ') ?? '';
  const uncached = system.sections?.flatMap((one) => (one.cached ? [] : [`${one.name}: ${one.reason}`])).join('; ') ?? '';
  const text = `Session started with ${model} in ${mode} mode, ${event.tools.filter((tool) => !tool.deferred).length} tools, prompt ${promptVersion}`;
  const data = { model, mode, promptVersion, trusted, app, events: version, sections, uncached, roots: event.roots.join(' ') };
  const why = modelBy ?? 'not known';
  return [
    { kind: 'session', text, data },
    { kind: 'model', text: `Model is ${model}, named by ${why}`, data: { model, by: why } },
    ...poolRecords(event),
  ];
}

function finished({ tool, outcome, ms, spill, callId, files, output }: EventOf<'tool_finished'>): readonly Said[] {
  const tokens = output.reduce((sum, part) => sum + (part.type === 'text' ? textTokens(part.text) : 0), 0);
  return [
    {
      kind: 'result',
      level: outcome === 'unknown' ? 'warn' : 'info',
      call: callId,
      text: `${tool}: ${outcome} after ${Math.round(ms)} ms, ${tokens} tokens`,
      data: { tool, outcome, ms: Math.round(ms), tokens, spill: spill ?? null, paths: Object.keys(files ?? {}).join(' ') },
    },
  ];
}
