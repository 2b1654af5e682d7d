import { invalid } from './errors';
import { type Block, stringOf } from './json';
import { messagePath, type Turn, type WireRequest } from './request';

/** Results of server tools by the tool that makes them. */
const RESULT_OF: { readonly [tool: string]: string } = {
  web_search: 'web_search_tool_result',
  web_fetch: 'web_fetch_tool_result',
  code_execution: 'code_execution_tool_result',
  bash_code_execution: 'bash_code_execution_tool_result',
  text_editor_code_execution: 'text_editor_code_execution_tool_result',
  tool_search_tool_regex: 'tool_search_tool_result',
  tool_search_tool_bm25: 'tool_search_tool_result',
  advisor: 'advisor_tool_result',
};
const SERVER_RESULTS = new Set(Object.values(RESULT_OF));

/** Every call has its result, every result its call, in the places where the API wants them. @throws WireError 400 */
export function checkPairing(request: WireRequest): void {
  const { turns } = request;
  const seen = new Set<string>();
  turns.forEach((turn, index) => {
    if (turn.role === 'assistant') {
      checkCalls(turn, turns[index + 1], seen);
      checkServerTools(turn, turns[index + 1]);
    }
    if (turn.role === 'user') checkResults(turn, turns[index - 1]);
  });
}

function checkCalls(turn: Turn, next: Turn | undefined, seen: Set<string>): void {
  const ids = idsOf(turn.content, 'tool_use');
  for (const id of ids) {
    if (seen.has(id)) throw invalid('messages: `tool_use` ids must be unique');
    seen.add(id);
  }
  const answered = next?.role === 'user' ? openingResults(next).map((block) => stringOf(block.tool_use_id)) : [];
  const open = ids.filter((id) => !answered.includes(id));
  if (open.length > 0) {
    throw invalid(
      `${messagePath(turn)}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. ` +
        'Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
    );
  }
}

function checkResults(turn: Turn, previous: Turn | undefined): void {
  const calls = previous?.role === 'assistant' ? idsOf(previous.content, 'tool_use') : [];
  const seen = new Set<string>();
  turn.content.forEach((block, index) => {
    if (block.type !== 'tool_result') return;
    const id = stringOf(block.tool_use_id);
    const path = turn.paths[index] ?? '';
    if (!calls.includes(id)) {
      throw invalid(
        `${path}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ` +
          'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
      );
    }
    if (seen.has(id)) {
      throw invalid(`${path}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`);
    }
    seen.add(id);
  });
}

/** A server tool's result follows its call in the same turn; a call may stay open while the turn is still going on. */
function checkServerTools(turn: Turn, next: Turn | undefined): void {
  const calls = new Map<string, string>();
  turn.content.forEach((block, index) => {
    if (block.type === 'server_tool_use') calls.set(stringOf(block.id), stringOf(block.name));
    if (!SERVER_RESULTS.has(block.type)) return;
    const id = stringOf(block.tool_use_id);
    const tool = calls.get(id);
    if (tool === undefined || RESULT_OF[tool] !== block.type) {
      throw invalid(
        `${turn.paths[index]}: unexpected \`tool_use_id\` found in \`${block.type}\` blocks: ${id}. ` +
          `Each \`${block.type}\` block must have a corresponding \`server_tool_use\` block before it.`,
      );
    }
    calls.delete(id);
  });
  const pending = [...calls][0];
  if (pending && next?.content.some((block) => block.type !== 'tool_result')) {
    const [id, tool] = pending;
    throw invalid(
      `${messagePath(turn)}: \`${tool}\` tool use with id \`${id}\` was found without a corresponding \`${RESULT_OF[tool] ?? 'tool_result'}\` block`,
    );
  }
}

function openingResults(turn: Turn): readonly Block[] {
  const end = turn.content.findIndex((block) => block.type !== 'tool_result');
  return end < 0 ? turn.content : turn.content.slice(0, end);
}

function idsOf(blocks: readonly Block[], type: string): readonly string[] {
  return blocks.filter((block) => block.type === type).map((block) => stringOf(block.id));
}
