import { asBlocks, isObject, type JsonObject, stringOf } from './wire/json';
import type { Turn, WireRequest } from './wire/request';

/** What the persona can know: the request alone, read back into what was asked and what has happened since. */

export type Result = {
  readonly text: string;
  readonly isError: boolean;
  /** The call was stopped: it says nothing about the project. */
  readonly interrupted: boolean;
};
export type Exchange = {
  readonly calls: readonly { readonly name: string; readonly input: JsonObject; readonly result: Result | undefined }[];
  /** What the harness said along with the results. */
  readonly notices: readonly string[];
};
/** One thing that the user said, and what was done between it and the next. */
export type Passage = {
  readonly text: string;
  readonly exchanges: readonly Exchange[];
  /** Said while calls were still under way. */
  readonly midway: boolean;
};
export type Conversation = {
  readonly passages: readonly Passage[];
  readonly tools: ReadonlyMap<string, string>;
  /** The folder that the session facts name, or an empty string. */
  readonly root: string;
  /** What the harness says along with the newest message. */
  readonly told: string;
  /** Edits wait for a review: only where there is an editor. */
  readonly reviewed: boolean;
};

const NOTICE = /<plumb_notice>\n?([\s\S]*?)\n?<\/plumb_notice>/g;
const INTERRUPTED = /^(Interrupted|The user stopped)/;

export function readConversation(request: WireRequest): Conversation {
  const passages: { text: string; exchanges: Exchange[]; midway: boolean }[] = [];
  request.turns.forEach((turn, at) => {
    if (turn.role === 'assistant') {
      const exchange = exchangeOf(turn, request.turns[at + 1]);
      if (exchange.calls.length > 0) passages.at(-1)?.exchanges.push(exchange);
      return;
    }
    const { said } = wordsOf(turn);
    const midway = turn.content.some((block) => block.type === 'tool_result');
    if (said !== '') passages.push({ text: said, exchanges: [], midway });
  });
  const system = request.system.map((block) => stringOf(block.text)).join('\n');
  return {
    passages,
    tools: new Map(request.tools.map((tool) => [stringOf(tool.name), stringOf(tool.description)])),
    root: /^Workspace: ([^,\n]+)/m.exec(system)?.[1]?.trim() ?? '',
    told: wordsOf(request.turns.at(-1)).notices.join('\n'),
    reviewed: !/without an editor/.test(system),
  };
}

/** An assistant turn that calls tools, with the results that the next turn brings. */
function exchangeOf(turn: Turn, answer: Turn | undefined): Exchange {
  const results = new Map(
    (answer?.content ?? [])
      .filter((block) => block.type === 'tool_result')
      .map((block) => {
        const text = asBlocks(block.content)
          .map((part) => stringOf(part.text))
          .join('\n');
        const isError = block.is_error === true;
        return [stringOf(block.tool_use_id), { text, isError, interrupted: isError && INTERRUPTED.test(text) }] as const;
      }),
  );
  return {
    calls: turn.content
      .filter((block) => block.type === 'tool_use')
      .map((block) => ({
        name: stringOf(block.name),
        input: isObject(block.input) ? block.input : {},
        result: results.get(stringOf(block.id)),
      })),
    notices: answer ? wordsOf(answer).notices : [],
  };
}

/** The text of a user turn, what the harness put in told apart from what the user said. */
function wordsOf(turn: Turn | undefined): { readonly said: string; readonly notices: readonly string[] } {
  const text = (turn?.content ?? [])
    .filter((block) => block.type === 'text')
    .map((block) => stringOf(block.text))
    .join('\n');
  return { said: text.replace(NOTICE, '').trim(), notices: [...text.matchAll(NOTICE)].map((match) => match[1] ?? '') };
}
