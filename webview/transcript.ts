import type { AssistantBlock, ToolUseBlock } from '../src/protocol/blocks';
import type { AgentEvent, EventOf } from '../src/protocol/events';
import { foldContext } from './context-items';
import { foldRewindUndone, foldRewound } from './rewind-items';
import { append, patchLast } from './sections';
import { unknownEvent } from './status';
import type { Item, Section, ToolItem, Transcript, UnknownEffect } from './view-state';

export const EMPTY: Transcript = { sections: [], run: null };

/** What the transcript shows after `event`. An event type without a case here does not compile. */
export function foldTranscript(transcript: Transcript, event: AgentEvent): Transcript {
  const add = (item: Item): Transcript => ({ ...transcript, sections: append(transcript.sections, item) });
  const patch = (callId: string, change: Partial<ToolItem>): Transcript => ({
    ...transcript,
    sections: patchTool(transcript.sections, callId, (tool) => ({ ...tool, ...change })),
  });
  switch (event.type) {
    case 'user_message': {
      const { id, seq, text, attachments, at } = event;
      const item: Item = { kind: 'user', key: id, seq, text, attachments, at };
      const run = transcript.run ?? { at: event.at, cost: null };
      return { run, sections: [...transcript.sections, { key: event.id, items: [item] }] };
    }
    case 'assistant_message':
      return { ...transcript, sections: event.blocks.reduce((s, block, i) => addBlock(s, event, block, i), transcript.sections) };
    case 'notice':
      // The folder and the date, told once a session: true of every conversation, and news to nobody.
      if (event.of === 'environment') return transcript;
      return add({ kind: 'notice', key: event.id, of: event.of, text: event.text });
    case 'tool_started':
      return patch(event.callId, {
        tool: event.tool,
        title: event.title,
        detail: event.detail,
        class: event.class,
        state: 'running',
        startedAt: event.at,
      });
    case 'permission_asked':
      return patch(event.callId, { tool: event.tool, title: event.title, detail: event.detail, class: event.class, state: 'asked' });
    case 'permission_decided': {
      const { decision } = event;
      return patch(decision.callId, { decision, tool: decision.tool, state: decision.verdict === 'deny' ? 'denied' : 'waiting' });
    }
    case 'question_asked':
      return add({ kind: 'question', key: event.id, callId: event.callId, questions: event.questions, answers: null });
    case 'question_answered':
      return { ...transcript, sections: answer(transcript.sections, event) };
    case 'tool_finished':
      return patch(event.callId, finished(event));
    case 'change_proposed':
      return {
        ...transcript,
        sections: patchTool(transcript.sections, event.callId, (tool) => ({ ...tool, diffs: [...tool.diffs, event.diff] })),
      };
    case 'change_reviewed': {
      const { id, path, decision, hunks, left, feedback } = event;
      return add({ kind: 'review', key: id, path, decision, hunks, left, feedback });
    }
    case 'diagnostics': {
      const { fresh, added, fixed } = event;
      return patch(event.callId, { diagnostics: { fresh, added, fixed } });
    }
    case 'context_changed':
      return add({ kind: 'context', key: event.id, of: event.kind, detail: event.detail });
    case 'compaction_started':
    case 'context_compacted':
    case 'compaction_failed':
    case 'compaction_undone':
    case 'context_evicted':
    case 'eviction_undone':
    case 'summary_edited':
      return { ...transcript, sections: foldContext(transcript.sections, event) };
    case 'cache_missed': {
      const { id, expected, read, detail } = event;
      return add({ kind: 'cache', key: id, of: 'missed', tokens: expected - read, detail });
    }
    case 'model_changed':
      return event.uncached
        ? add({ kind: 'cache', key: event.id, of: 'switched', tokens: event.uncached, detail: event.model })
        : transcript;
    case 'files_changed':
      return event.by === 'command' ? patch(event.callId, { touched: event.files.map((file) => file.path) }) : transcript;
    case 'rewound':
      return { ...transcript, sections: foldRewound(transcript.sections, event) };
    case 'rewind_undone':
      return { ...transcript, sections: foldRewindUndone(transcript.sections, event) };
    case 'breaker_tripped':
      return add({ kind: 'breaker', key: event.id, breaker: event.breaker, detail: event.detail, next: event.next });
    case 'effect_settled': {
      const { callId, what } = event;
      const settle = (item: Item): Item | null => {
        if (item.kind !== 'ended' || !item.unknown.some((effect) => effect.callId === callId)) return null;
        return { ...item, unknown: item.unknown.map((effect) => (effect.callId === callId ? { ...effect, settled: what } : effect)) };
      };
      return { ...transcript, sections: patchLast(transcript.sections, settle) };
    }
    case 'limit_decided': {
      const { decision, to } = event;
      const decide = (item: Item) => (item.kind === 'ended' && item.limit ? { ...item, decided: { decision, to } } : null);
      return { ...transcript, sections: patchLast(transcript.sections, decide) };
    }
    case 'usage': {
      const { run } = transcript;
      const { doubt } = event;
      // Once is enough for a run: a service that cannot count will not learn it.
      const known = doubt === undefined || transcript.sections.at(-1)?.items.some((item) => item.kind === 'doubt');
      const told = known ? transcript : add({ kind: 'doubt', key: event.id, text: doubt });
      return !run || event.cost === null ? told : { ...told, run: { ...run, cost: (run.cost ?? 0) + event.cost } };
    }
    case 'turn_started':
      return transcript.run ? transcript : { ...transcript, run: { at: event.at, cost: null } };
    case 'run_ended':
      return { run: null, sections: append(sayOnce(transcript.sections, event), ended(event, transcript)) };
    case 'state_changed':
    case 'session_started':
    case 'session_titled':
    case 'mode_changed':
    case 'message_queued':
    case 'message_unqueued':
    case 'delta':
    case 'effect_intended':
    case 'compaction_queued':
    case 'eviction_queued':
    case 'eviction_unqueued':
    case 'tasks_changed':
      return transcript;
    default:
      return unknownEvent(event, transcript);
  }
}

/** The card that ends the run gives the reason and what to do; the card of the breaker right above it does not repeat them. */
function sayOnce(sections: readonly Section[], { detail }: EventOf<'run_ended'>): readonly Section[] {
  const last = sections.at(-1)?.items.at(-1);
  if (last?.kind !== 'breaker' || detail === '' || !last.detail.endsWith(detail)) return sections;
  const own = last.detail.slice(0, -detail.length).replace(/[:\s]+$/, '');
  const { kind, key, breaker } = last;
  return patchLast(sections, (item) => (item === last ? { kind, key, breaker, detail: own && `${own}.` } : null));
}

function ended(event: EventOf<'run_ended'>, { run, sections }: Transcript): Item {
  const { id, session, reason, detail, next, retryable, error, limit, unknown = [] } = event;
  const last = sections.at(-1)?.items.at(-1);
  const above = last?.kind === 'breaker' && detail !== '' && last.detail.endsWith(detail) ? last : undefined;
  return {
    kind: 'ended',
    key: id,
    session,
    reason,
    detail,
    next: next ?? above?.next,
    retryable,
    error,
    limit,
    unknown: unknown.map((effect) => unknownEffect(effect, sections)),
    ms: run ? event.at - run.at : null,
    cost: run?.cost ?? null,
  };
}

/** What the card of its call says of it. */
function unknownEffect(
  { callId, tool, known }: NonNullable<EventOf<'run_ended'>['unknown']>[number],
  sections: readonly Section[],
): UnknownEffect {
  const items = sections.flatMap((section) => section.items);
  const call = items.findLast((item) => item.kind === 'tool' && item.callId === callId);
  const { title, detail, startedAt } = call?.kind === 'tool' ? call : { title: '', detail: '', startedAt: null };
  return { callId, title: title || tool, detail, startedAt, known, settled: null };
}

function addBlock(sections: readonly Section[], event: EventOf<'assistant_message'>, block: AssistantBlock, index: number) {
  // The key of the block's preview, so that the final card takes over its elements.
  const key = event.turn === undefined ? `${event.id}.${index}` : `${event.turn}.${index}`;
  switch (block.type) {
    case 'text':
      return block.text.trim() === '' ? sections : append(sections, { kind: 'text', key, text: block.text, live: false });
    case 'thinking':
      if (block.thinking.trim() === '') return sections;
      return append(sections, { kind: 'thinking', key, text: block.thinking, live: false, redacted: false });
    case 'redacted_thinking':
      return append(sections, { kind: 'thinking', key, text: '', live: false, redacted: true });
    case 'tool_use':
      return addTool(sections, block);
    case 'other':
      return sections;
  }
}

/** A card that an early event of the call has made already moves to where the message has the call. */
function addTool(sections: readonly Section[], block: ToolUseBlock): readonly Section[] {
  const last = sections.at(-1);
  const early = last?.items.find((item) => item.kind === 'tool' && item.callId === block.id);
  const rest = early && last ? sections.with(-1, { ...last, items: last.items.filter((item) => item !== early) }) : sections;
  const tool = early?.kind === 'tool' ? early : newTool(block.id);
  return append(rest, { ...tool, tool: block.name, input: block.input });
}

function finished(event: EventOf<'tool_finished'>): Partial<ToolItem> {
  return {
    tool: event.tool,
    state: event.outcome,
    output: event.output.flatMap((c) => (c.type === 'text' ? [c.text] : [])).join('\n'),
    images: event.output.filter((c) => c.type === 'image'),
    display: event.display ?? null,
    summary: event.summary,
    spill: event.spill ?? null,
    ms: event.ms,
  };
}

function newTool(callId: string): ToolItem {
  return {
    kind: 'tool',
    key: callId,
    callId,
    tool: '',
    title: '',
    detail: '',
    class: null,
    state: 'waiting',
    input: null,
    output: '',
    images: [],
    display: null,
    summary: '',
    ms: 0,
    startedAt: null,
    spill: null,
    decision: null,
    diffs: [],
    touched: [],
    diagnostics: null,
  };
}

/** Changes the newest card of a call; a call whose message lies before the loaded page gets a card of its own. */
function patchTool(sections: readonly Section[], callId: string, change: (tool: ToolItem) => ToolItem): readonly Section[] {
  const patched = patchLast(sections, (item) => (item.kind === 'tool' && item.callId === callId ? change(item) : null));
  return patched === sections ? append(sections, change(newTool(callId))) : patched;
}

function answer(sections: readonly Section[], { callId, answers }: EventOf<'question_answered'>): readonly Section[] {
  return patchLast(sections, (item) => (item.kind === 'question' && item.callId === callId ? { ...item, answers } : null));
}
