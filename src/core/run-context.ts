import type { Emit } from '../protocol/events';
import type { Settings } from '../protocol/settings';
import type { SessionState } from './fold';
import type { Use } from './identity/capabilities';
import type { Ports } from './ports';
import type { ToolPool } from './registry';
import type { ToolFacts } from './tool';

/** What the loop and its parts share while a run lasts. `state` is always the fold of everything emitted so far. */
export type RunContext = {
  readonly session: string;
  readonly ports: Ports;
  readonly pool: ToolPool;
  /** Tools offered by name whose definitions the model has before it. */
  loaded(): ReadonlySet<string>;
  readonly settings: Settings;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  state(): SessionState;
  /** Parts of the system prompt that are worked out anew for each request. */
  uncached(): readonly string[];
  facts(): ToolFacts;
  /** Everything emitted so far is on disk. @throws StoreError */
  flush(): Promise<void>;
  /**
   * Why the agent's own credential does not cover a call; null when it does, or where agents have none. `folders` are those
   * of the workspace, after following links. @throws StoreError
   */
  refusal(use: Use, folders: readonly string[]): Promise<string | null>;
};
