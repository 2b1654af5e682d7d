import { join } from 'node:path';
import { systemClock } from '../../../src/node/clock';
import { createStore } from '../../../src/node/store';
import { type AgentEvent, EVENT_VERSION, type NewEvent } from '../../../src/protocol/events';
import { MODEL } from '../agents';

/** The title of a made-up session, and the last words in it. */
export const titleOf = (events: number) => `A session of ${events} events`;
export const lastWords = (events: number) => `That was event ${events}.`;

/** Turns of one kind follow each other: a message of the model with a call, what came of it, and what it cost. */
const TURNS_A_MESSAGE = 12;

/** The events of a long session: messages of the user, each followed by turns that read files. */
export function longSession(id: string, folder: string, count: number): readonly AgentEvent[] {
  const events: AgentEvent[] = [];
  const at = Date.now() - count * 1000;
  const push = (event: NewEvent) => {
    const seq = events.length + 1;
    events.push({ ...event, id: `${id}.${seq}`, at: at + seq * 1000, session: id, agent: 'main', seq });
  };
  push({
    type: 'session_started',
    version: EVENT_VERSION,
    app: '0.0.0',
    roots: [folder],
    trusted: true,
    model: MODEL,
    mode: 'edit',
    promptVersion: '1',
    system: { fixed: 'You are a coding agent.', facts: folder },
    tools: [],
  });
  push({ type: 'session_titled', title: titleOf(count), by: 'user' });
  for (let turn = 1; events.length < count - 12; turn++) {
    const ask = turn % TURNS_A_MESSAGE === 1;
    if (ask && turn > 1) push({ type: 'run_ended', reason: 'done', detail: '', retryable: false });
    const text = `Look at part ${turn} of the project.`;
    if (ask) push({ type: 'user_message', text, attachments: [], content: [{ type: 'text', text }] });
    takeTurn(push, turn, folder);
  }
  push({ type: 'run_ended', reason: 'done', detail: '', retryable: false });
  const text = lastWords(count);
  while (events.length < count - 1) push({ type: 'mode_changed', mode: 'edit' });
  push({ type: 'assistant_message', blocks: [{ type: 'text', text }], stop: 'end_turn', partial: false, model: MODEL });
  return events;
}

function takeTurn(push: (event: NewEvent) => void, turn: number, folder: string): void {
  const callId = `call_${turn}`;
  const path = join(folder, `src/part-${turn % 90}.ts`);
  const code = Array.from({ length: 40 }, (_, line) => `${line + 1}\texport const value${turn}x${line} = ${line} * ${turn};`).join('\n');
  const said = `Step **${turn}**: \`part-${turn % 90}.ts\` holds the values that the till adds up.\n\n- one\n- two\n\n\`\`\`ts\nconst a = ${turn};\n\`\`\``;
  push({ type: 'turn_started', turn, model: MODEL });
  push({ type: 'state_changed', workflow: { at: 'thinking', turn } });
  push({
    type: 'assistant_message',
    blocks: [
      { type: 'text', text: said },
      { type: 'tool_use', id: callId, name: 'read_file', input: { path } },
    ],
    stop: 'tool_use',
    partial: false,
    model: MODEL,
  });
  push({ type: 'usage', of: 'turn', model: MODEL, input: 10, output: 90, cacheRead: 2000 + turn * 40, cacheWrite: 900, cost: 0.01 });
  push({ type: 'state_changed', workflow: { at: 'acting', turn, calls: {} } });
  push({ type: 'tool_started', callId, tool: 'read_file', title: 'Read', detail: path, class: 'read_only' });
  push({
    type: 'tool_finished',
    callId,
    tool: 'read_file',
    outcome: 'ok',
    output: [{ type: 'text', text: code }],
    summary: '40 lines',
    ms: 3,
  });
}

/** Writes a session as the product would have. */
export async function writeSession(storage: string, id: string, events: readonly AgentEvent[]): Promise<void> {
  const log = await createStore({ folder: storage, clock: systemClock }).create(id);
  for (const event of events) log.append(event);
  await log.close();
}
