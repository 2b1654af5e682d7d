import type { Block, JsonObject } from './json';

/** What a model "says": blocks, from which the wire code makes a message, its usage and its events. */
export type ReplyBlock =
  | { readonly kind: 'text'; readonly text: string; readonly citations?: readonly JsonObject[] }
  | { readonly kind: 'thinking'; readonly text: string }
  /** Thinking that only the model may read. */
  | { readonly kind: 'redacted'; readonly text: string }
  /** `json` is the input as the model writes it, which need not be valid. */
  | {
      readonly kind: 'call';
      readonly of: 'tool_use' | 'server_tool_use';
      readonly name: string;
      readonly json: string;
      readonly id?: string;
    }
  /** A block that is complete at its start, such as the result of a server tool. */
  | { readonly kind: 'whole'; readonly block: Block };

export type StopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded'
  | 'compaction';

export type MessageReply = {
  readonly kind: 'message';
  readonly blocks: readonly ReplyBlock[];
  /** Derived from the blocks when left out. */
  readonly stop?: StopReason;
  readonly stopDetails?: JsonObject;
  /** What the server itself counts as output when it must differ from the text, such as hidden work. */
  readonly outputTokens?: number;
  /** Pause before each delta, so that a person can watch it arrive. */
  readonly paceMs?: number;
  /** Characters in a delta, and whether tool input flows as it comes rather than one key at a time. */
  readonly pieceSize?: number;
  readonly eager?: boolean;
};

export type ErrorReply = {
  readonly kind: 'error';
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly details?: JsonObject;
  readonly headers?: { readonly [name: string]: string };
};
