import { join } from 'node:path';
import { systemClock } from '../../../src/node/clock';
import { createStore } from '../../../src/node/store';
import { type AgentEvent, EVENT_VERSION, type NewEvent } from '../../../src/protocol/events';
import { MODEL } from '../agents';

/** How long a made-up session is: in lines of its log, or in messages as the model is sent them. */
export type Length = { readonly count: number; readonly of: 'events' | 'messages' };

export const titleOf = ({ count, of }: Length) => `A session of ${count} ${of}`;
export const lastWords = ({ count, of }: Length) => `Those were all ${count} ${of}.`;

/** So often the user says something. */
const TURNS_A_PROMPT = 12;
/** What stands at the end of a log: the last message and the end of its run. */
const CLOSING = 2;

/** Writes a long session as the product would have: messages of the user, each followed by turns that read files. */
export async function writeSession(storage: string, folder: string, length: Length): Promise<void> {
  const id = `${length.of}-${length.count}`;
  const log = await createStore({ folder: storage, clock: systemClock }).create(id);
  for (const event of eventsOf(id, folder, length)) log.append(event);
  await log.close();
}

function eventsOf(id: string, folder: string, length: Length): readonly AgentEvent[] {
  const events: AgentEvent[] = [];
  const began = Date.now() - 86_400_000;
  let messages = 0;
  const push = (event: NewEvent) => {
    const seq = events.length + 1;
    events.push({ ...event, id: `${id}.${seq}`, at: began + seq * 100, session: id, agent: 'main', seq });
    if (event.type === 'user_message' || event.type === 'assistant_message' || event.type === 'tool_finished') messages += 1;
  };
  const left = () => length.count - (length.of === 'events' ? events.length + CLOSING : messages + 1);
  const cost = length.of === 'events' ? EVENTS_A_TURN : 2;
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
  push({ type: 'session_titled', title: titleOf(length), by: 'user' });
  for (let turn = 1; left() > cost + 2; turn++) {
    const asks = turn % TURNS_A_PROMPT === 1;
    if (asks && turn > 1) push({ type: 'run_ended', reason: 'done', detail: '', retryable: false });
    const text = `Look at part ${turn} of the project and say what it is for.`;
    if (asks) push({ type: 'user_message', text, attachments: [], content: [{ type: 'text', text }] });
    takeTurn(push, turn, folder);
  }
  while (length.of === 'events' && left() > 0) push({ type: 'mode_changed', mode: 'edit' });
  push({ type: 'assistant_message', blocks: [{ type: 'text', text: lastWords(length) }], stop: 'end_turn', partial: false, model: MODEL });
  push({ type: 'run_ended', reason: 'done', detail: '', retryable: false });
  return events;
}

const EVENTS_A_TURN = 7;

function takeTurn(push: (event: NewEvent) => void, turn: number, folder: string): void {
  const callId = `call_${turn}`;
  const name = `part-${turn % 90}.ts`;
  const path = join(folder, 'src', name);
  const code = Array.from({ length: 30 }, (_, line) => `${line + 1}\texport const value${turn}x${line} = ${line} * ${turn};`).join('\n');
  const said = `Step **${turn}**: \`${name}\` holds the values that the till adds up.\n\n- one of them\n- and another\n\n\`\`\`ts\nconst a = ${turn};\n\`\`\``;
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
  push({ type: 'usage', of: 'turn', model: MODEL, input: 10, output: 90, cacheRead: 2000 + turn * 40, cacheWrite: 900, cost: 0.001 });
  push({ type: 'state_changed', workflow: { at: 'acting', turn, calls: {} } });
  push({ type: 'tool_started', callId, tool: 'read_file', title: 'Read', detail: path, class: 'read_only' });
  push({
    type: 'tool_finished',
    callId,
    tool: 'read_file',
    outcome: 'ok',
    output: [{ type: 'text', text: code }],
    summary: '30 lines',
    ms: 3,
  });
}
