import type { AssistantBlock, Content } from '../protocol/blocks';
import type { Answer, Question } from '../protocol/call-events';
import type { FileDiff } from '../protocol/display';
import type { EventOf } from '../protocol/events';
import type { Choice, Rule } from '../protocol/permission';
import type { Diagnostics, Symbols } from './ports/language';
import type { Scan, Search } from './ports/search';
import type { Shell } from './ports/shell';
import type { Store } from './ports/store';

/**
 * What the core needs from the world; those for languages, search, the shell and the store are in `ports/`. Each port
 * states its contract; adapters in `src/model`, `src/node`, `src/editor` and `src/cli` implement them, and one suite per
 * port in `test/contract` holds them to it.
 * Every async call that takes a signal rejects with an AbortError soon after the signal fires.
 * All paths are absolute and use the platform's separator; lines and columns are 1-based.
 */

// ---- Model -------------------------------------------------------------------------------------------------

export type ToolSpec = {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Kept out of the prompt until a result refers to it, where the service can do that; left out where it can not. */
  readonly deferred?: boolean;
};

export type ToolResult = {
  readonly type: 'tool_result';
  readonly callId: string;
  readonly content: readonly Content[];
  readonly isError: boolean;
};
export type UserBlock = (Content | ToolResult) & { readonly mark?: boolean };
export type ModelMessage =
  | { readonly role: 'user'; readonly content: readonly UserBlock[] }
  | { readonly role: 'assistant'; readonly content: readonly (AssistantBlock & { readonly mark?: boolean })[] };

/** Order on the wire: tools, system, messages. `mark` asks for a cache breakpoint on that block; at most four in all. */
export type ModelRequest = {
  readonly model: string;
  readonly maxTokens: number;
  readonly tools: readonly ToolSpec[];
  readonly system: readonly { readonly text: string; readonly mark: boolean }[];
  readonly messages: readonly ModelMessage[];
  readonly effort: 'default' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';
  /** Silence after which the stream is taken for dead, in milliseconds. */
  readonly idleTimeoutMs: number;
};

export type Usage = { readonly input: number; readonly output: number; readonly cacheRead: number; readonly cacheWrite: number };

export type ModelProfile = {
  readonly id: string;
  readonly name: string;
  readonly contextWindow: number;
  readonly maxOutput: number;
  readonly thinking: 'adaptive' | 'enabled' | 'none';
  readonly images: boolean;
  /** Whether it takes tools that results load by reference: `likely` when nobody could be asked. */
  readonly references: 'yes' | 'likely' | 'no';
  /** US dollars per million tokens; null when not known. */
  readonly price: { readonly input: number; readonly output: number; readonly cacheRead: number; readonly cacheWrite: number } | null;
  readonly source: 'service' | 'table' | 'guess';
};

export type ModelChunk =
  | { readonly type: 'started'; readonly usage: Usage }
  | {
      readonly type: 'delta';
      readonly of: 'text' | 'thinking' | 'tool_input';
      readonly index: number;
      readonly text: string;
      readonly tool?: string;
      readonly callId?: string;
    }
  /** A block has arrived whole. */
  | { readonly type: 'block'; readonly index: number; readonly block: AssistantBlock }
  /** Always last. `usage` is that of the whole message. */
  | {
      readonly type: 'finished';
      readonly blocks: readonly AssistantBlock[];
      readonly stop: string;
      readonly refusal?: string;
      readonly usage: Usage;
      readonly model: string;
    };

export interface ModelClient {
  /** Differs where the address or the key does, for then the cache does; nothing of either can be read from it. */
  service(): string;
  /** The models that the service offers, best first; the built-in table when the service has no list. */
  models(signal: AbortSignal): Promise<readonly ModelProfile[]>;
  /** Limits and prices of one model; never rejects for an unknown id, it guesses and says so in `source`. */
  profile(model: string, signal: AbortSignal): Promise<ModelProfile>;
  countTokens(request: ModelRequest, signal: AbortSignal): Promise<number>;
  /**
   * One attempt, no retries. Throws ModelError only (or an AbortError after the signal fired); a stream that ends
   * without its closing event throws ModelError 'network', a silent one 'stalled'.
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelChunk>;
}

// ---- Files -------------------------------------------------------------------------------------------------

export type FileStat = { readonly kind: 'file' | 'folder' | 'other'; readonly size: number; readonly mtimeMs: number };

export type ResolvedPath = {
  readonly path: string;
  /** After following every link of the nearest existing ancestor. */
  readonly real: string;
  readonly exists: boolean;
  /** `real` lies in a workspace root, compared by segments, with the file system's own case rules. */
  readonly inside: boolean;
};

export type TextSnapshot = {
  readonly path: string;
  /** As the editor holds it when the file is open (unsaved changes included), else as on disk. */
  readonly text: string;
  readonly hash: string;
  readonly dirty: boolean;
  readonly encoding: string;
  /** Bytes that its encoding does not know stand as U+FFFD, so that writing the text back would lose them: edits are refused. */
  readonly lossy?: boolean;
};

/** A change that has landed: the text before, and after as it stands once save participants have run. */
export type AppliedChange = {
  readonly path: string;
  readonly kind: 'edit' | 'create' | 'delete' | 'rename';
  readonly from?: string;
  readonly before: string | null;
  readonly after: string | null;
  /** SHA-256 of `after`; empty when the file is gone. */
  readonly hash: string;
};

export interface Documents {
  roots(): readonly string[];
  /** Accepts relative (to the first root), absolute and root-prefixed paths, and `~` for the home folder; throws ToolError for NUL, device and UNC paths. */
  resolve(path: string): Promise<ResolvedPath>;
  stat(path: string): Promise<FileStat | undefined>;
  list(folder: string): Promise<readonly { readonly name: string; readonly kind: FileStat['kind'] }[]>;
  /** @throws ToolError when missing, binary, over 10 MB, a device, or not readable. */
  readText(path: string, signal: AbortSignal): Promise<TextSnapshot>;
  /** Bytes from disk, at most `limit`. */
  readBytes(path: string, limit: number, signal: AbortSignal): Promise<Uint8Array>;
  /**
   * Replaces the text of an existing file by `transform(current text)`, in the smallest range, and saves it. When the
   * document moves meanwhile, `transform` is called again on the newer text. A ToolError thrown by `transform` passes
   * through and nothing is written. Encoding, BOM and line endings outside the changed range stay as they are.
   */
  edit(path: string, transform: (current: string) => string, signal: AbortSignal): Promise<AppliedChange>;
  /** @throws ToolError when something is there already. Makes missing folders. */
  create(path: string, text: string, signal: AbortSignal): Promise<AppliedChange>;
  remove(path: string, signal: AbortSignal): Promise<AppliedChange>;
  rename(from: string, to: string, signal: AbortSignal): Promise<AppliedChange>;
  /**
   * On the user's word and past review: the file holds exactly these bytes, or is gone for `null`. False, with nothing
   * written, when it does not hold `seen` any more (`null`: nothing is there). `mode`: permission bits for a file that is
   * made anew; one that is there keeps its own.
   */
  restore(path: string, bytes: Uint8Array | null, seen: Uint8Array | null, signal: AbortSignal, mode?: number): Promise<boolean>;
  /**
   * Removes what a change of these files may have left when the process died in the middle of it: drafts beside them,
   * and a second name of a file that was being moved to one of `absent`, which are those that were not there before.
   */
  tidy?(paths: readonly string[], absent: readonly string[]): Promise<void>;
}

/** Takes what the agent changed and lets the user keep or undo it, hunk by hunk, while the agent goes on. */
export interface Review {
  /** Registers a landed change; returns at once. */
  track(change: AppliedChange, diff: FileDiff, callId: string): void;
}

// ---- People, rules, time -----------------------------------------------------------------------------------

type Unstamped<T extends 'permission_asked'> = Omit<EventOf<T>, 'id' | 'at' | 'session' | 'agent' | 'seq' | 'type'>;
export type PermissionAsk = Unstamped<'permission_asked'>;
export type PermissionAnswer = {
  readonly choice: Choice['id'] | 'nobody' | 'cancel';
  readonly rules?: readonly string[];
  readonly feedback?: string;
};

/** Never rejects: a cancelled ask resolves as `cancel`, a missing person as `nobody`. */
export interface Approver {
  readonly handler: 'interactive' | 'unattended';
  decide(ask: PermissionAsk, signal: AbortSignal): Promise<PermissionAnswer>;
}
/** `null` when there is nobody to ask. */
export interface Asker {
  ask(callId: string, questions: readonly Question[], signal: AbortSignal): Promise<readonly Answer[] | null>;
}

export interface Rules {
  /** Deny, ask and allow rules of every lasting source, read afresh at each call. */
  current(): readonly Rule[];
  /** Saves an allow rule for the user. */
  save(rule: string): Promise<void>;
}

export interface Clock {
  now(): number;
  /** Rejects with an AbortError when the signal fires first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Ports {
  readonly model: ModelClient;
  readonly documents: Documents;
  readonly search: Search;
  readonly store: Store;
  readonly rules: Rules;
  readonly clock: Clock;
  readonly approver: Approver;
  readonly asker: Asker;
  /** SHA-256, hex. */
  hash(text: string): string;
  /** Bytes of a file shipped beside the bundle, such as a grammar. */
  asset(name: string): Promise<Uint8Array>;
  /** What this host cannot do is absent, and the tools that need it are left out of the pool with that reason. */
  readonly shell?: Shell;
  readonly scan?: Scan;
  readonly diagnostics?: Diagnostics;
  readonly symbols?: Symbols;
  readonly review?: Review;
}
