import type { AgentEvent } from '../../protocol/events';
import type { WorkflowRecord } from '../../protocol/stage';
import type { Use } from '../identity/capabilities';

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
  /** Queues the line; order is kept. `copied`: it was written in another session, whose log begins this one. */
  append(event: AgentEvent, copied?: boolean): void;
  /** Resolves when everything appended so far is on disk (fsync). Rejects with StoreError. */
  flush(): Promise<void>;
  /** Flushes and frees the lock. */
  close(): Promise<void>;
  /** Resolves when everything appended so far is on disk and signed, where it is. Rejects with StoreError. */
  signed?(): Promise<void>;
  /** Why the agent's credential does not cover a call; null when it does. Absent where nothing is signed. */
  refusal?(use: ClaimedUse): Promise<string | null>;
}

/** A call, with what its agent is offered by whoever set up the session: tools by name, and the folders it works in. */
export type ClaimedUse = Use & { readonly offered: readonly string[]; readonly folders: readonly string[] };

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
