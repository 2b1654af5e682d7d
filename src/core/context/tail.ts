import type { EventOf } from '../../protocol/events';
import type { Mode } from '../../protocol/permission';
import type { Journal } from '../journal';
import type { Ports } from '../ports';

/** What the model is told of each mode. */
export const MODES: Readonly<Record<Mode, string>> = {
  plan: 'Mode: plan. Read and think only: every call that would change something is refused. End with a plan for the user to approve.',
  ask: 'Mode: ask. Calls that change something are shown to the user first.',
  edit: 'Mode: edit. Edits in the workspace pass and are reviewed; commands that change something are asked.',
  auto: 'Mode: auto. Edits and ordinary commands in the workspace pass; destructive ones are asked.',
};

/**
 * Between two requests: whatever the model has not heard yet arrives at the tail, in a fixed order, derived from the
 * log alone, so that a resumed session says the same. Tells whether the user said something.
 */
export async function deliverTail(
  journal: Journal,
  ports: Ports,
  changed: ReadonlyMap<string, string>,
  held: readonly string[],
): Promise<boolean> {
  const state = journal.state();
  const today = `Today is ${new Date(ports.clock.now()).toISOString().slice(0, 10)}.`;
  if (state.told.environment !== today) journal.emit({ type: 'notice', of: 'environment', text: today });
  if (state.told.mode !== state.mode) journal.emit({ type: 'notice', of: 'mode', text: MODES[state.mode] });
  if (state.untold.length > 0) journal.emit({ type: 'notice', of: 'review', text: state.untold.map(describeReview).join('\n\n') });
  const settled = [...state.settled].filter(([, { told }]) => !told);
  if (settled.length > 0) {
    const text = settled.map(([callId, { tool, what }]) => describeSettled(callId, tool, what === 'happened')).join('\n');
    journal.emit({ type: 'notice', of: 'effects', text });
  }
  if (changed.size > 0) {
    const text = `Changed on disk or in the editor since you read them; read them again before you edit: ${[...changed.keys()].join(', ')}`;
    journal.emit({ type: 'notice', of: 'file_changed', text, files: Object.fromEntries(changed) });
  }
  const tools = describeTools(state.told.held, held);
  if (tools) journal.emit({ type: 'notice', of: 'tools', text: tools, held: [...held] });
  for (const { queueId, text, attachments, content } of state.queue) {
    journal.emit({ type: 'user_message', text, attachments: [...attachments], content: [...content], queueId });
  }
  return state.queue.length > 0;
}

/** Tools that came or went since the model was last told; empty when none did. */
function describeTools(told: readonly string[], held: readonly string[]): string {
  const came = held.filter((name) => !told.includes(name));
  const went = told.filter((name) => !held.includes(name));
  return [
    came.length > 0 ? `More tools that find_tools can load: ${came.join(', ')}.` : '',
    went.length > 0 ? `No longer there: ${went.join(', ')}.` : '',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function describeSettled(callId: string, tool: string, happened: boolean): string {
  const call = `the call of ${tool} that was cut off (${callId})`;
  return happened
    ? `The user looked: ${call} took effect. Do not repeat it.`
    : `The user looked: ${call} did not take effect. Decide anew whether it is to be done.`;
}

function describeReview(review: EventOf<'change_reviewed'>): string {
  const said = review.feedback ? ` and said: ${review.feedback}` : '.';
  return `The user undid ${review.hunks} of your changes in ${review.path}${said}${review.detail ? `\n${review.detail}` : ''}`;
}
