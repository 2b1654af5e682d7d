import type { Attachment, ImageContent } from '../src/protocol/blocks';
import type { Answer, Outcome, Question } from '../src/protocol/call-events';
import type { ContextReport } from '../src/protocol/context';
import type { Denials } from '../src/protocol/denials';
import type { Display, FileDiff, Problem, Task } from '../src/protocol/display';
import type { Settled } from '../src/protocol/event-parts';
import type { AgentEvent, EventOf } from '../src/protocol/events';
import type { LimitHit } from '../src/protocol/limits';
import type {
  Completion,
  Connection,
  FocusTarget,
  ModelChoice,
  PanelCommand,
  PendingFile,
  SessionRow,
  Snapshot,
} from '../src/protocol/messages';
import type { Decision, EffectClass, Mode } from '../src/protocol/permission';
import type { Spend, Spent } from '../src/protocol/spend';
import type { StopReason, Workflow } from '../src/protocol/workflow';

/** What the transcript shows, one card each. Objects keep their identity until they change, so cards can be memoised. */
export type Item =
  | {
      readonly kind: 'user';
      readonly key: string;
      readonly seq: number;
      readonly text: string;
      readonly attachments: readonly Attachment[];
      readonly at: number;
    }
  | { readonly kind: 'text'; readonly key: string; readonly text: string; readonly live: boolean }
  | { readonly kind: 'thinking'; readonly key: string; readonly text: string; readonly live: boolean; readonly redacted: boolean }
  | ToolItem
  | { readonly kind: 'preparing'; readonly key: string; readonly tool: string; readonly chars: number }
  | {
      readonly kind: 'question';
      readonly key: string;
      readonly callId: string;
      readonly questions: readonly Question[];
      readonly answers: readonly Answer[] | null;
    }
  | { readonly kind: 'notice'; readonly key: string; readonly of: EventOf<'notice'>['of']; readonly text: string }
  | {
      readonly kind: 'review';
      readonly key: string;
      readonly path: string;
      readonly decision: 'kept' | 'undone';
      readonly hunks: number;
      readonly left: number;
      readonly feedback?: string;
    }
  | {
      readonly kind: 'context';
      readonly key: string;
      readonly of: EventOf<'context_changed'>['kind'];
      readonly detail: string;
    }
  | CompactionItem
  | {
      readonly kind: 'eviction';
      readonly key: string;
      readonly seq: number;
      readonly by: EventOf<'context_evicted'>['by'];
      /** Results and attachments. */
      readonly count: number;
      readonly turns: number;
      readonly tokens: number;
      readonly undone: boolean;
      /** The newest that holds: the one that can be put back. */
      readonly newest: boolean;
    }
  /** Tokens that the service reads anew though it had them: after the fact, or because the model was changed. */
  | { readonly kind: 'cache'; readonly key: string; readonly of: 'missed' | 'switched'; readonly tokens: number; readonly detail: string }
  | {
      readonly kind: 'rewound';
      readonly key: string;
      readonly seq: number;
      readonly what: EventOf<'rewound'>['what'];
      readonly files: EventOf<'rewound'>['files'];
      readonly left: EventOf<'rewound'>['left'];
      readonly undone: boolean;
    }
  | { readonly kind: 'breaker'; readonly key: string; readonly breaker: string; readonly detail: string; readonly next?: string }
  /** The service's count of a request that cannot be true. */
  | { readonly kind: 'doubt'; readonly key: string; readonly text: string }
  | EndedItem;

export type CompactionItem = {
  readonly kind: 'compaction';
  readonly key: string;
  /** Of the event that completed it; 0 until then. */
  readonly seq: number;
  readonly state: 'running' | 'done' | 'failed' | 'undone';
  /** The newest that holds: the one that can be taken back. */
  readonly newest: boolean;
  readonly by: EventOf<'compaction_started'>['by'];
  /** The user wrote the summary anew. */
  readonly edited: boolean;
  readonly summary: string;
  readonly detail: string;
  readonly before: number;
  readonly after: number;
};

export type EndedItem = {
  readonly kind: 'ended';
  readonly key: string;
  readonly session: string;
  readonly reason: StopReason;
  readonly detail: string;
  readonly next?: string;
  readonly retryable: boolean;
  readonly error?: string;
  readonly limit?: LimitHit;
  /** Effects that were cut off and may have happened or not. */
  readonly unknown: readonly UnknownEffect[];
  /** What the user said to it. */
  readonly decided?: { readonly decision: 'raised' | 'kept'; readonly to: number | null };
  /** Of this run: how long it took and what it cost, where known. */
  readonly ms: number | null;
  readonly cost: number | null;
};

export type UnknownEffect = {
  readonly callId: string;
  readonly title: string;
  readonly detail: string;
  readonly startedAt: number | null;
  /** What can be told of it. */
  readonly known: string;
  /** What the user said of it last. */
  readonly settled: Settled | null;
};

export type ToolState = 'waiting' | 'asked' | 'running' | Outcome;

export type ToolItem = {
  readonly kind: 'tool';
  readonly key: string;
  readonly callId: string;
  readonly tool: string;
  /** Verb and object; empty until the call has been parsed. */
  readonly title: string;
  readonly detail: string;
  readonly class: EffectClass | null;
  readonly state: ToolState;
  readonly input: Readonly<Record<string, unknown>> | null;
  readonly output: string;
  readonly images: readonly ImageContent[];
  readonly display: Display | null;
  readonly summary: string;
  readonly ms: number;
  readonly startedAt: number | null;
  readonly spill: string | null;
  readonly decision: Decision | null;
  readonly diffs: readonly FileDiff[];
  /** Files that a command changed, by looking at the folder before and after it. */
  readonly touched: readonly string[];
  readonly diagnostics: { readonly fresh: boolean; readonly added: readonly Problem[]; readonly fixed: number } | null;
};

/** A user message and all that followed from it. */
export type Section = {
  readonly key: string;
  readonly items: readonly Item[];
  /** The rewind (by its sequence number) that took it out of the conversation. */
  readonly gone?: number;
};

export type Transcript = {
  readonly sections: readonly Section[];
  /** The run that is under way, for its closing line. */
  readonly run: { readonly at: number; readonly cost: number | null } | null;
};

/** Previews of what is being streamed: shown until the logged event arrives, and harmless when lost. */
export type Live = {
  readonly blocks: readonly LiveBlock[];
  readonly output: Readonly<Record<string, string>>;
};
export type LiveBlock = {
  readonly id: string;
  readonly of: 'text' | 'thinking' | 'tool_input';
  readonly tool: string;
  readonly text: string;
};

export type Queued = { readonly queueId: string; readonly text: string; readonly attachments: readonly Attachment[] };

/** Where the session stands now, apart from its transcript. */
export type Status = {
  readonly workflow: Workflow;
  readonly tasks: readonly Task[];
  readonly queue: readonly Queued[];
  readonly asks: readonly EventOf<'permission_asked'>[];
  readonly questions: readonly EventOf<'question_asked'>[];
  /** What was blocked while auto mode decided: whether it is paused. */
  readonly denials: Denials;
  readonly usage: Spent;
  /** The same by agent, model and kind of request. */
  readonly spend: Spend;
  /** Tokens in the window as of the newest turn. */
  readonly contextUsed: number;
  /** When the run began, while one is under way. */
  readonly runningSince: number | null;
  /** What a screen reader is told, once: counts up so that equal texts are told twice. */
  readonly said: { readonly n: number; readonly text: string };
};

export type Insert = { readonly n: number; readonly text: string; readonly attachments: readonly Attachment[]; readonly focus: boolean };

/** A failure that belongs to no run. */
export type Trouble = {
  readonly key: string;
  readonly text: string;
  readonly next: string;
  readonly actions: readonly PanelCommand[];
};

export type ViewState = {
  readonly loaded: boolean;
  readonly session: string | null;
  readonly begun: boolean;
  readonly title: string;
  readonly mode: Mode;
  readonly model: string;
  readonly models: readonly ModelChoice[];
  readonly connection: Connection;
  readonly pending: readonly PendingFile[];
  readonly draft: Snapshot['draft'];
  readonly history: readonly string[];
  readonly workspace: Snapshot['workspace'];
  readonly heldBy: string | null;
  readonly damage: readonly string[];
  readonly contextWindow: number;
  readonly strings: Readonly<Record<string, string>>;
  /** Logged events, oldest first; `from` is the sequence number of the first, `seq` that of the last. */
  readonly logged: readonly AgentEvent[];
  readonly from: number;
  /** How many of them are kept, and the run that was under way before the first of them. */
  readonly room: number;
  readonly runBefore: Transcript['run'];
  readonly seq: number;
  /** An event went missing: nothing more is taken until a new snapshot. */
  readonly stale: boolean;
  readonly transcript: Transcript;
  readonly status: Status;
  readonly live: Live;
  readonly sessions: { readonly query: string; readonly rows: readonly SessionRow[] } | null;
  /** What is in the context, while the page shows it. */
  readonly context: ContextReport | null;
  readonly completions: { readonly id: number; readonly items: readonly Completion[] } | null;
  /** The draft as another page of this session changed it. */
  readonly otherDraft: Snapshot['draft'] | null;
  readonly insert: Insert | null;
  readonly focus: { readonly n: number; readonly target: FocusTarget } | null;
  readonly troubles: readonly Trouble[];
  /** Counts snapshots, so that what belongs to one page's session can be told from the next. */
  readonly snapshots: number;
};

/** The state without its previews: it changes some times a turn, the previews every frame while the model speaks. */
export type Standing = Omit<ViewState, 'live'>;
