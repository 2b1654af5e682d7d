import { z } from 'zod';
import { type Attachment, zAttachment } from './blocks';
import { zAnswer } from './call-events';
import type { ContextReport } from './context';
import type { Denials } from './denials';
import type { FileDiff, Task } from './display';
import { zSettled } from './event-parts';
import type { AgentEvent } from './events';
import { type Mode, zChoice, zMode } from './permission';
import type { Spend, Spent } from './spend';

/** The panel's own buttons that stand for an editor command. */
export const zPanelCommand = z.enum([
  'set_key',
  'set_model',
  'settings',
  /** Where the address of the model's server is set. */
  'server',
  'walkthrough',
  'show_log',
  'open_in_editor',
  'open_folder',
  'manage_trust',
]);
export type PanelCommand = z.infer<typeof zPanelCommand>;

/**
 * Between the panel and the host. The panel says what the user did; the host checks it against this schema and
 * against its own state (a decision names a pending ask, nothing else). The host answers `ready` with one snapshot
 * and then sends events by sequence number, so that a hidden, moved or reloaded panel misses nothing.
 */
export const zPanelMessage = z.discriminatedUnion('type', [
  /** The page has loaded (or reloaded) and knows nothing. */
  z.strictObject({ type: z.literal('ready') }),
  /** To the session that the page shows; `null` is the one that has not begun. */
  z.strictObject({ type: z.literal('send'), session: z.string().nullable(), text: z.string(), attachments: z.array(zAttachment) }),
  z.strictObject({ type: z.literal('unqueue'), queueId: z.string() }),
  z.strictObject({ type: z.literal('stop') }),
  /** Go on after an interruption or a failed run, without a new message. */
  z.strictObject({ type: z.literal('continue') }),
  /** After a stop at a limit: to this, or lifted for null, and the run goes on; or it stays, and the run is over. */
  z.strictObject({ type: z.literal('raise_limit'), to: z.number().nullable() }),
  z.strictObject({ type: z.literal('keep_limit') }),
  /** What the user found out about an effect that was cut off; nothing goes on by it. */
  z.strictObject({ type: z.literal('settle_effect'), callId: z.string(), what: zSettled }),
  z.strictObject({
    type: z.literal('decide'),
    askId: z.string(),
    choice: zChoice.shape.id,
    /** For `session` and `rule`: the rules to save, which the user may have edited. */
    rules: z.array(z.string()).optional(),
    feedback: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('answer'), callId: z.string(), answers: z.array(zAnswer) }),
  /** Takes the newest compaction back. */
  z.strictObject({ type: z.literal('undo_compaction') }),
  /** Writes the summary of the newest compaction anew. */
  z.strictObject({ type: z.literal('edit_summary'), compaction: z.number().int(), summary: z.string().trim().min(1) }),
  /** Condenses the conversation now, or after the step that is under way. */
  z.strictObject({ type: z.literal('compact'), focus: z.string() }),
  /** The page shows what is in the context, and wants to hear of changes; or no longer. */
  z.strictObject({ type: z.literal('watch_context'), on: z.boolean() }),
  z.strictObject({ type: z.literal('evict'), ids: z.array(z.string()), turns: z.array(z.number().int()) }),
  z.strictObject({ type: z.literal('undo_eviction') }),
  z.strictObject({ type: z.literal('pin'), callId: z.string(), on: z.boolean() }),
  /** Back to just before the message with this sequence number; the host shows what would change, and asks. */
  z.strictObject({ type: z.literal('rewind'), to: z.number().int() }),
  z.strictObject({ type: z.literal('redo_rewind') }),
  /** A new session that begins with all that came before this message. */
  z.strictObject({ type: z.literal('fork'), to: z.number().int() }),
  z.strictObject({ type: z.literal('set_mode'), mode: zMode }),
  z.strictObject({ type: z.literal('set_model'), model: z.string() }),
  /** What is being written for a session. Attachments are absent while they stay as they are: pictures are large. */
  z.strictObject({
    type: z.literal('draft'),
    session: z.string().nullable(),
    text: z.string(),
    attachments: z.array(zAttachment).optional(),
  }),
  /** Candidates for an @-mention; the answer carries the same id. */
  z.strictObject({ type: z.literal('complete'), id: z.number().int(), query: z.string() }),
  z.strictObject({ type: z.literal('attach_uris'), uris: z.array(z.string()) }),
  z.strictObject({ type: z.literal('open'), path: z.string(), line: z.number().int().optional(), column: z.number().int().optional() }),
  z.strictObject({ type: z.literal('open_link'), url: z.string() }),
  z.strictObject({
    type: z.literal('review'),
    action: z.enum(['keep', 'undo', 'open']),
    /** One file, or every pending file when absent. */
    path: z.string().optional(),
    feedback: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('more'), before: z.number().int() }),
  z.strictObject({ type: z.literal('list_sessions'), query: z.string() }),
  z.strictObject({ type: z.literal('new_session') }),
  z.strictObject({ type: z.literal('open_session'), session: z.string() }),
  z.strictObject({ type: z.literal('rename_session'), session: z.string(), title: z.string() }),
  z.strictObject({ type: z.literal('delete_session'), session: z.string() }),
  z.strictObject({ type: z.literal('export_session'), session: z.string() }),
  /** One of the panel's own buttons that stand for an editor command. */
  z.strictObject({ type: z.literal('command'), name: zPanelCommand }),
  z.strictObject({ type: z.literal('focus'), inside: z.enum(['composer', 'dock', 'none']) }),
]);
export type PanelMessage = z.infer<typeof zPanelMessage>;

export type ModelChoice = {
  readonly id: string;
  readonly name: string;
  readonly contextWindow: number;
  /** `$2 in, $10 out` per million tokens, or empty when unknown. */
  readonly price: string;
};

export type SessionRow = {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: number;
  readonly turns: number;
  readonly cost: number | null;
  readonly state: 'running' | 'waiting' | 'interrupted' | 'ended' | 'elsewhere' | 'damaged';
  readonly here: boolean;
};

/** A file with changes that nobody has reviewed yet. */
export type PendingFile = { readonly path: string; readonly diff: FileDiff };

export type Completion = {
  readonly label: string;
  readonly detail: string;
  readonly icon: 'file' | 'folder' | 'symbol' | 'problem' | 'selection' | 'terminal';
  readonly attachment: Attachment;
};

/** Who answers: shown in the meter, and in the banner when it is the offline demo. */
export type Connection =
  | { readonly kind: 'demo' }
  | { readonly kind: 'service'; readonly host: string }
  | { readonly kind: 'none'; readonly why: string };

export type Snapshot = {
  readonly session: string | null;
  /** The session began on this page, with its first message: what is in the composer goes along. */
  readonly begun: boolean;
  readonly title: string;
  /** The newest events; older ones come by `more`. */
  readonly events: readonly AgentEvent[];
  /** What is being streamed just now, from its beginning. */
  readonly previews: readonly AgentEvent[];
  /** Sequence number of the first event in `events`; 1 means nothing is older. */
  readonly from: number;
  /** Where the session stood just before `events`; absent when nothing is older. The panel folds on from here. */
  readonly before?: {
    readonly tasks: readonly Task[];
    readonly queue: readonly { readonly queueId: string; readonly text: string; readonly attachments: readonly Attachment[] }[];
    readonly denials: Denials;
    readonly usage: Spent;
    readonly spend: Spend;
  };
  readonly mode: Mode;
  readonly model: string;
  readonly models: readonly ModelChoice[];
  readonly connection: Connection;
  readonly pending: readonly PendingFile[];
  readonly draft: { readonly text: string; readonly attachments: readonly Attachment[] };
  /** Newest first. */
  readonly history: readonly string[];
  readonly workspace: {
    readonly name: string;
    readonly roots: readonly string[];
    readonly trusted: boolean;
    /** No folder is on the local disk. */
    readonly virtual?: boolean;
  };
  /** Set when another window writes this session: the panel is read-only and says so. */
  readonly heldBy: string | null;
  /** A sentence for each part of its log that could not be read, or that somebody changed: the session goes on without it. */
  readonly damage: readonly string[];
  /** Localised texts by their English original; what is missing is shown in English. */
  readonly strings: Readonly<Record<string, string>>;
  readonly contextWindow: number;
};

export type FocusTarget = 'composer' | 'dock' | 'sessions' | 'spend' | 'context';

export type HostMessage =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'events'; readonly session: string; readonly events: readonly AgentEvent[] }
  | { readonly type: 'older'; readonly session: string; readonly events: readonly AgentEvent[]; readonly from: number }
  | { readonly type: 'pending'; readonly files: readonly PendingFile[] }
  | { readonly type: 'connection'; readonly connection: Connection; readonly models: readonly ModelChoice[]; readonly model: string }
  | { readonly type: 'sessions'; readonly query: string; readonly rows: readonly SessionRow[] }
  /** What is in the context of that session; null where nothing can tell yet. */
  | { readonly type: 'context'; readonly session: string | null; readonly report: ContextReport | null }
  | { readonly type: 'completions'; readonly id: number; readonly items: readonly Completion[] }
  /** The draft as another page of the same session now has it. */
  | { readonly type: 'draft'; readonly session: string | null; readonly text: string; readonly attachments: readonly Attachment[] }
  /** Adds to the composer, from a context menu or the palette; `focus` moves the caret there because the user asked. */
  | { readonly type: 'insert'; readonly text: string; readonly attachments: readonly Attachment[]; readonly focus: boolean }
  | { readonly type: 'focus'; readonly target: FocusTarget }
  /** A failure that belongs to no run: shown as a dismissable line with its next step, and what may help as buttons. */
  | { readonly type: 'problem'; readonly text: string; readonly next: string; readonly actions?: readonly PanelCommand[] };
