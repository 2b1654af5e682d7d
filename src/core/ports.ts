import type { AssistantBlock, Content } from '../protocol/blocks';
import type { FileDiff, Place, Problem } from '../protocol/display';
import type { AgentEvent, Answer, EventOf, Question } from '../protocol/events';
import type { Choice, Rule } from '../protocol/permission';
import type { WorkflowRecord } from '../protocol/stage';

/**
 * What the core needs from the world. Each port states its contract; adapters in `src/model`, `src/node`,
 * `src/editor` and `src/cli` implement them, and one suite per port in `test/contract` holds them to it.
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
   * written, when it does not hold `seen` any more (`null`: nothing is there).
   */
  restore(path: string, bytes: Uint8Array | null, seen: Uint8Array | null, signal: AbortSignal): Promise<boolean>;
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

// ---- Language ----------------------------------------------------------------------------------------------

/** Opaque to the core: what the problems were before the edits. */
export type DiagnosticsBaseline = { readonly problems: readonly (Problem & { readonly lineText: string })[] };

export interface Diagnostics {
  /** What is known now, without waiting. */
  current(paths: readonly string[] | undefined): Promise<readonly Problem[]>;
  /** May take seconds while a project is loaded for the first time. */
  baseline(paths: readonly string[], signal?: AbortSignal): Promise<DiagnosticsBaseline>;
  /**
   * Waits until the language servers have answered for the edited versions of `paths`, at most `ms`. `added` are the
   * problems that are new against the baseline, anywhere in the workspace; `fresh` is false when they did not answer.
   * `unchecked` names the paths that no server has looked at.
   */
  settled(
    baseline: DiagnosticsBaseline,
    paths: readonly string[],
    ms: number,
    signal: AbortSignal,
  ): Promise<{
    readonly fresh: boolean;
    readonly added: readonly Problem[];
    readonly fixed: number;
    readonly unchecked?: readonly string[];
  }>;
}

export type SymbolInfo = {
  readonly name: string;
  readonly kind: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly container?: string;
};

export interface Symbols {
  definition(at: Place, signal: AbortSignal): Promise<readonly Place[]>;
  references(at: Place, signal: AbortSignal): Promise<readonly Place[]>;
  hover(at: Place, signal: AbortSignal): Promise<string>;
  inFile(path: string, signal: AbortSignal): Promise<readonly SymbolInfo[]>;
  inWorkspace(query: string, signal: AbortSignal): Promise<readonly SymbolInfo[]>;
  /** The new text of each file that the rename would change; nothing is applied. */
  rename(at: Place, name: string, signal: AbortSignal): Promise<readonly { readonly path: string; readonly text: string }[]>;
}

// ---- Search and processes ----------------------------------------------------------------------------------

export type GrepQuery = {
  readonly pattern: string;
  readonly path: string;
  readonly glob?: string;
  readonly ignoreCase: boolean;
  readonly literal: boolean;
  readonly multiline: boolean;
  readonly before: number;
  readonly after: number;
  /** Stop after this many matching lines. */
  readonly limit: number;
};
export type GrepLine = { readonly path: string; readonly line: number; readonly text: string; readonly match: boolean };

export interface Search {
  /** @throws ToolError on a bad pattern. `more` tells that the limit cut the list. */
  grep(query: GrepQuery, signal: AbortSignal): Promise<{ readonly lines: readonly GrepLine[]; readonly more: boolean }>;
  /** Paths that match, newest first; ignored files left out. */
  glob(
    pattern: string,
    folder: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<{ readonly paths: readonly string[]; readonly more: boolean }>;
}

/** The files of a folder at one moment. */
export type Snapshot = {
  /** By path: another mark tells that the file may have changed. `changedMs`: when anything about it changed last, by the disk. */
  readonly marks: ReadonlyMap<string, { readonly mark: string; readonly changedMs: number }>;
  /** When the look began. */
  readonly at: number;
  readonly contents: ReadonlyMap<string, Uint8Array>;
  /** False when a bound cut the list of files. */
  readonly complete: boolean;
};

/** Looks at the workspace before and after a command, for what it changes is not known beforehand. */
export interface Scan {
  /** The files that search would list, and the bytes of the newest of them, both as far as the bounds allow. Never rejects for a file. */
  snapshot(
    folder: string,
    bounds: { readonly files: number; readonly bytes: number; readonly ms: number },
    signal: AbortSignal,
  ): Promise<Snapshot>;
}

export type ShellKind = 'bash' | 'zsh' | 'sh' | 'powershell' | 'cmd';
export type ShellResult = {
  readonly exitCode: number | null;
  readonly signal?: string;
  readonly timedOut: boolean;
  /** Both streams in arrival order, head and tail kept when it was too long; `dropped` bytes fell out of the middle. */
  readonly output: string;
  readonly dropped: number;
  /** The shell had ended and something that it started still ran, and was ended. */
  readonly leftover?: boolean;
};
/** Where a command leaves its exit code, under which name: to be read when whoever started it has died [W4]. */
export type ExitNote = { readonly file: string; readonly key: string };
export type ShellRequest = { readonly command: string; readonly cwd: string; readonly timeoutMs: number; readonly exit?: ExitNote };

export interface Shell {
  readonly kind: ShellKind;
  /** Programs found on PATH now, out of a fixed list. */
  programs(): Promise<readonly string[]>;
  /** Own process group, standard input closed, scrubbed environment; the whole tree is gone when the promise settles. */
  run(request: ShellRequest, onOutput: (text: string) => void, signal: AbortSignal): Promise<ShellResult>;
  /** Starts without waiting; lives until it ends, `kill` or dispose. */
  start(request: Omit<ShellRequest, 'timeoutMs' | 'exit'>): Promise<{ readonly id: string }>;
  /** Output since the last look; `result` once it has ended. */
  tail(id: string): Promise<{ readonly output: string; readonly result?: ShellResult }>;
  kill(id: string): Promise<void>;
  /**
   * The exit code that a command noted whose starter has died; null when it noted none: it was ended in the middle, or
   * its note is lost. What such a starter left running has been ended when this resolves, so nothing changes any more.
   */
  noted?(exit: ExitNote): Promise<number | null>;
}

// ---- Session store -----------------------------------------------------------------------------------------

export type SessionInfo = {
  readonly id: string;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly roots: readonly string[];
  readonly turns: number;
  readonly cost: number | null;
  /** How the last run ended; `interrupted` when the log stops in the middle of one. */
  readonly state: 'idle' | 'ended' | 'interrupted' | 'damaged';
  /** Another live process holds it. */
  readonly held: boolean;
};

export interface SessionLog {
  readonly id: string;
  /** Queues the line; order is kept. */
  append(event: AgentEvent): void;
  /** Resolves when everything appended so far is on disk (fsync). Rejects with StoreError. */
  flush(): Promise<void>;
  /** Flushes and frees the lock. */
  close(): Promise<void>;
}

export interface Store {
  /** @throws StoreError 'held' when another live process writes it. */
  create(id: string): Promise<SessionLog>;
  open(id: string): Promise<{ readonly log: SessionLog; readonly events: readonly AgentEvent[]; readonly damage: readonly string[] }>;
  /** Reads without taking the lock. */
  read(id: string): Promise<{ readonly events: readonly AgentEvent[]; readonly damage: readonly string[] }>;
  list(): Promise<readonly SessionInfo[]>;
  /** Removes every trace but the tombstone that its workflow record becomes. */
  remove(id: string): Promise<void>;
  /** Keeps the record of a session's work apart from its log; nothing when the session has been removed. */
  noteWorkflow(record: WorkflowRecord): Promise<void>;
  /** Every record there is, the newest first: those of removed sessions too. */
  workflows(): Promise<readonly WorkflowRecord[]>;
  /** Keeps a large text beside the session and returns its path. */
  spill(session: string, name: string, text: string): Promise<string>;
  /** Folder that `spill` writes to: readable by the agent though it lies outside the workspace. */
  spillFolder(session: string): string;
  /** The one file in which this session's commands note how they ended; it goes with the session. */
  exitFile(session: string): string;
  /** Keeps a copy of a file, once for all sessions that hold the same bytes, and returns its SHA-256. On disk when it resolves. */
  keep(session: string, bytes: Uint8Array): Promise<string>;
  /** A kept copy; undefined when age or quota have removed it. */
  kept(hash: string): Promise<Uint8Array | undefined>;
  /** From now on this session needs these copies too: they stay when others are deleted. */
  share(session: string, hashes: readonly string[]): Promise<void>;
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
