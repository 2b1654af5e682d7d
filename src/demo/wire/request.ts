import type { IncomingHttpHeaders } from 'node:http';
import { asBlocks, type Block, type JsonObject, objectsIn, stringOf } from './json';
import type { ModelSpec } from './models';

export type Role = 'user' | 'assistant' | 'system';

/** One turn of the conversation: consecutive messages of one role are one turn, as the API merges them. */
export type Turn = {
  readonly role: Role;
  readonly content: readonly Block[];
  /** Where each block stood in the request as sent: `messages.3.content.0`. */
  readonly paths: readonly string[];
};

/** A request that passed the checks of its envelope: what a responder gets to see. */
export type WireRequest = {
  readonly route: 'messages' | 'count_tokens';
  readonly version: string;
  readonly betas: ReadonlySet<string>;
  /** The key or token, whichever way it came. */
  readonly credential: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as sent; threads replace it by the whole conversation. */
  readonly params: JsonObject;
  readonly model: ModelSpec;
  readonly tools: readonly JsonObject[];
  readonly system: readonly Block[];
  readonly turns: readonly Turn[];
};

/** Merges consecutive messages of one role. */
export function turnsOf(messages: unknown): readonly Turn[] {
  const turns: { role: Role; content: Block[]; paths: string[] }[] = [];
  objectsIn(messages).forEach((message, index) => {
    const role = message.role === 'assistant' || message.role === 'system' ? message.role : 'user';
    const content = asBlocks(message.content);
    const paths = content.map((_, at) => `messages.${index}.content.${at}`);
    const last = turns.at(-1);
    if (last?.role === role) {
      last.content.push(...content);
      last.paths.push(...paths);
    } else turns.push({ role, content: [...content], paths });
  });
  return turns;
}

/** `messages.3` of `messages.3.content.0`: the message that a turn begins with. */
export function messagePath(turn: Turn | undefined): string {
  return (turn?.paths[0] ?? 'messages.0').split('.').slice(0, 2).join('.');
}

/** What the user last wrote: the text of the last turn that holds any, tool results aside. */
export function lastUserText(request: WireRequest): string {
  const texts = request.turns
    .filter((turn) => turn.role === 'user')
    .map((turn) => turn.content.filter((block) => block.type === 'text').map((block) => stringOf(block.text)));
  return texts.findLast((parts) => parts.length > 0)?.join('\n') ?? '';
}

export type SeenResult = { readonly id: string; readonly text: string; readonly isError: boolean };

/** The tool results of the last turn, as text: what a responder reacts to. */
export function lastToolResults(request: WireRequest): readonly SeenResult[] {
  const results = request.turns.at(-1)?.content.filter((block) => block.type === 'tool_result') ?? [];
  return results.map((block) => ({
    id: stringOf(block.tool_use_id),
    text: asBlocks(block.content)
      .map((inner) => stringOf(inner.text))
      .join('\n'),
    isError: block.is_error === true,
  }));
}
