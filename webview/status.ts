import { foldDenials, NO_DENIALS } from '../src/protocol/denials';
import type { AgentEvent } from '../src/protocol/events';
import { addSpend, addSpent, NOTHING_SPENT } from '../src/protocol/spend';
import { isRunning, type Workflow } from '../src/protocol/workflow';
import type { Status } from './view-state';

export const AT_REST: Status = {
  workflow: { at: 'idle' },
  tasks: [],
  queue: [],
  asks: [],
  questions: [],
  denials: NO_DENIALS,
  usage: NOTHING_SPENT,
  spend: [],
  contextUsed: 0,
  runningSince: null,
  said: { n: 0, text: '' },
};

/** Where the session stands after `event`. An event type without a case here does not compile. */
export function foldStatus(status: Status, event: AgentEvent): Status {
  switch (event.type) {
    case 'message_queued': {
      const { queueId, text, attachments } = event;
      return { ...status, queue: [...status.queue, { queueId, text, attachments }] };
    }
    case 'message_unqueued':
      return { ...status, queue: status.queue.filter((q) => q.queueId !== event.queueId) };
    case 'user_message':
      return { ...status, queue: event.queueId ? status.queue.filter((q) => q.queueId !== event.queueId) : status.queue };
    case 'assistant_message': {
      const text = event.blocks.flatMap((b) => (b.type === 'text' ? [b.text] : [])).join('\n');
      return text.trim() === '' ? status : say(status, text);
    }
    case 'usage':
      return {
        ...status,
        usage: event.elsewhere ? status.usage : addSpent(status.usage, event),
        spend: addSpend(status.spend, event),
        contextUsed: event.of === 'turn' ? event.input + event.cacheRead + event.cacheWrite + event.output : status.contextUsed,
      };
    case 'permission_asked':
      return { ...status, asks: [...status.asks.filter((a) => a.askId !== event.askId), event] };
    case 'permission_decided': {
      const { askId, callId } = event.decision;
      const denials = foldDenials(status.denials, event);
      return { ...status, denials, asks: status.asks.filter((a) => (askId ? a.askId !== askId : a.callId !== callId)) };
    }
    case 'question_asked':
      return { ...status, questions: [...status.questions.filter((q) => q.callId !== event.callId), event] };
    case 'question_answered':
      return { ...status, questions: status.questions.filter((q) => q.callId !== event.callId) };
    case 'tool_finished':
      return {
        ...status,
        asks: status.asks.filter((a) => a.callId !== event.callId),
        questions: status.questions.filter((q) => q.callId !== event.callId),
      };
    case 'tasks_changed':
      return { ...status, tasks: event.tasks };
    case 'state_changed': {
      const running = isRunning(event.workflow);
      const runningSince = running ? (status.runningSince ?? event.at) : null;
      // Nobody waits for an answer any more: what was open has been resolved as denied.
      const open = running ? {} : { asks: [], questions: [] };
      return { ...status, ...open, workflow: event.workflow, runningSince };
    }
    case 'run_ended': {
      // One that was cut off waits to be taken up.
      const workflow: Workflow = status.workflow.at === 'interrupted' ? status.workflow : { at: 'ended', reason: event.reason };
      return say({ ...status, workflow, asks: [], questions: [], runningSince: null }, event.reason === 'done' ? '' : event.detail);
    }
    case 'mode_changed':
      return { ...status, denials: foldDenials(status.denials, event) };
    case 'breaker_tripped':
      return say(status, event.detail);
    case 'context_compacted':
      return { ...status, contextUsed: event.after };
    case 'context_evicted':
      return { ...status, contextUsed: Math.max(0, status.contextUsed - event.tokens) };
    case 'cache_missed':
    case 'compaction_queued':
    case 'compaction_started':
    case 'compaction_failed':
    case 'compaction_undone':
    case 'eviction_queued':
    case 'eviction_unqueued':
    case 'eviction_undone':
    case 'summary_edited':
    case 'session_started':
    case 'session_titled':
    case 'model_changed':
    case 'notice':
    case 'turn_started':
    case 'delta':
    case 'tool_started':
    case 'effect_intended':
    case 'effect_settled':
    case 'files_changed':
    case 'rewound':
    case 'rewind_undone':
    case 'change_proposed':
    case 'change_reviewed':
    case 'diagnostics':
    case 'context_changed':
    case 'limit_decided':
      return status;
    default:
      return unknownEvent(event, status);
  }
}

function say(status: Status, text: string): Status {
  return text === '' ? status : { ...status, said: { n: status.said.n + 1, text } };
}

/** Compiles only while every event type has its case; at run time a newer host's event changes nothing. */
export function unknownEvent<S>(_event: never, unchanged: S): S {
  return unchanged;
}
