import { invalid } from './errors';
import { stringOf } from './json';
import { messagePath, type Turn, type WireRequest } from './request';

/** What holds between messages: who speaks first and last, and that something is said. @throws WireError 400 */
export function checkConversation(request: WireRequest): void {
  const { turns, system } = request;
  const [first] = turns;
  if (!Array.isArray(request.params.messages) || request.params.messages.length === 0) {
    throw invalid('messages: at least one message is required');
  }
  if (!first) throw invalid('messages.0: all messages must have non-empty content except for the optional final assistant message');
  checkText(request);
  if (system.some((block) => block.text === '')) throw invalid('system: text content blocks must be non-empty');
  if (first.role === 'assistant' && first.content[0]?.type !== 'compaction')
    throw invalid('messages: first message must use the "user" role');
  turns.forEach((turn, index) => {
    if (turn.role === 'system') checkSystemTurn(request, turn, index);
  });
}

/** The answer is the model's own to begin, unless it goes on with a turn that the service paused. @throws WireError 400 */
export function checkPrefill({ turns, model }: WireRequest, resumesPause: boolean): void {
  const last = turns.at(-1);
  if (last?.role === 'assistant' && !model.prefill && !resumesPause && !endsInServerTool(last)) {
    throw invalid('This model does not support assistant message prefill. The conversation must end with a user message.');
  }
}

function checkText({ turns, params, system }: WireRequest): void {
  system.forEach((block, index) => {
    if (block.text === '' && block.cache_control) throw emptyMarked(`system.${index}`);
  });
  for (const turn of turns) {
    turn.content.forEach((block, index) => {
      if (block.type !== 'text' || block.text !== '') return;
      throw block.cache_control ? emptyMarked(turn.paths[index] ?? '') : invalid('messages: text content blocks must be non-empty');
    });
  }
  const spoken = new Set(turns.flatMap((turn) => turn.paths.map((path) => path.split('.')[1])));
  const last = Array.isArray(params.messages) ? params.messages.length - 1 : 0;
  for (let index = 0; index < last; index++) {
    if (spoken.has(String(index))) continue;
    throw invalid(`messages.${index}: all messages must have non-empty content except for the optional final assistant message`);
  }
}

function emptyMarked(path: string) {
  return invalid(`${path}.text: cache_control cannot be set for empty text blocks`);
}

function checkSystemTurn({ turns, model }: WireRequest, turn: Turn, index: number): void {
  const path = messagePath(turn);
  const before = turns[index - 1];
  if (!model.midSystem) throw invalid(`${path}.role: \`system\` messages are not supported for this model`);
  const fits = before?.role === 'user' || (before?.role === 'assistant' && endsInServerTool(before));
  if (!fits) throw invalid(`${path}: a \`system\` message must follow a \`user\` message`);
  if (turns[index + 1]?.role === 'user')
    throw invalid(`${path}: a \`system\` message must be last or come before an \`assistant\` message`);
}

/** The service stopped in the middle of its own work: the turn may be sent back as it is. */
function endsInServerTool(turn: Turn): boolean {
  const type = stringOf(turn.content.at(-1)?.type);
  return type === 'server_tool_use' || (type.endsWith('_tool_result') && type !== 'tool_result');
}
