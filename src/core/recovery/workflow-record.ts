import type { AgentEvent } from '../../protocol/events';
import { advance, type SessionStatus, type Stage, type WorkflowRecord } from '../../protocol/stage';
import { STAGE_AT_END, stageOf } from '../../protocol/stage-of';
import { isRunning } from '../../protocol/workflow';
import { EMPTY_STATE, foldEvent, type SessionState } from '../fold';

/** As many of each as tell what is going on; the log has them all. */
const MOST_MOVES = 100;
const MOST_EFFECTS = 50;

/** The record as it stands after these events. What a log that was damaged leaves out does not matter here. */
export function recordOf(session: string, events: readonly AgentEvent[]): WorkflowRecord {
  let state = EMPTY_STATE;
  let record = newRecord(session);
  for (const event of events) {
    state = foldEvent(state, event);
    record = foldRecord(record, event, state, asItStands);
  }
  return record;
}

const asItStands = (_: Stage, to: Stage) => to;

function newRecord(session: string): WorkflowRecord {
  return {
    plumb: 'workflow',
    version: 1,
    session,
    updatedAt: 0,
    stage: 'planned',
    status: { is: 'idle', stop: 'end_turn', ids: [] },
    turn: 0,
    moves: [],
    effects: [],
    next: 'nothing',
  };
}

/** `state` is that of the session after the event. Gives the same object when nothing changed. @throws Error on an illegal move */
export function foldRecord(record: WorkflowRecord, event: AgentEvent, state: SessionState, move = advance): WorkflowRecord {
  const effects = foldEffects(record.effects, event);
  const to = stageAfter(event, state) ?? record.stage;
  const moved = to !== record.stage;
  if (!moved && effects === record.effects && event.type !== 'run_ended' && event.type !== 'state_changed') return record;
  return {
    ...record,
    updatedAt: event.at,
    stage: moved ? move(record.stage, to) : record.stage,
    moves: moved ? [...record.moves, { at: event.at, to }].slice(-MOST_MOVES) : record.moves,
    status: statusOf(state),
    turn: state.turn,
    effects,
    next: nextOf(state),
  };
}

function foldEffects(effects: WorkflowRecord['effects'], event: AgentEvent): WorkflowRecord['effects'] {
  if (event.type === 'effect_intended') {
    const { callId: call, key, class: effect, retrySafe } = event;
    const others = effects.filter((e) => e.call !== call);
    return [...others, { call, key, class: effect, retrySafe, outcome: 'pending' as const }].slice(-MOST_EFFECTS);
  }
  if (event.type !== 'tool_finished' || !effects.some((e) => e.call === event.callId)) return effects;
  return effects.map((e) => (e.call === event.callId ? { ...e, outcome: event.outcome } : e));
}

/** The stage that an event brings, where it brings one. */
function stageAfter(event: AgentEvent, state: SessionState): Stage | undefined {
  const waits = state.asks.length + state.questions.length > 0;
  switch (event.type) {
    case 'permission_asked':
    case 'question_asked':
      return 'awaiting_approval';
    case 'permission_decided':
    case 'question_answered':
      return isRunning(state.workflow) && !waits ? 'executing' : undefined;
    case 'state_changed':
      return stageOf({ ...state, waits });
    default:
      return undefined;
  }
}

function statusOf(state: SessionState): SessionStatus {
  const { workflow, asks, questions, end } = state;
  const open = [...asks.map((ask) => ask.askId), ...questions.map((question) => question.callId)];
  if (open.length > 0) return { is: 'idle', stop: 'requires_action', ids: open };
  if (workflow.at === 'retrying') return { is: 'rescheduling', until: workflow.until, attempt: workflow.attempt };
  if (isRunning(workflow)) return { is: 'running' };
  if (workflow.at === 'interrupted') return { is: 'idle', stop: 'requires_action', ids: [...workflow.unknown] };
  if (end?.reason === 'failed' && !end.retryable) return { is: 'terminated', error: end.error ?? 'failed' };
  const action = workflow.at === 'ended' && STAGE_AT_END[workflow.reason] === 'awaiting_approval';
  return { is: 'idle', stop: action ? 'requires_action' : 'end_turn', ids: [] };
}

function nextOf({ workflow, asks, questions, end }: SessionState): WorkflowRecord['next'] {
  if (asks.length + questions.length > 0) return 'answer';
  if (workflow.at === 'interrupted') return workflow.unknown.length > 0 ? 'check' : 'continue';
  if (isRunning(workflow)) return 'continue';
  return end?.retryable ? 'continue' : 'nothing';
}
