import type { Settings, SettingsProblem } from '../protocol/settings';
import type { PromptFacts } from './context/prompt';
import type { Section } from './context/sections';
import type { Listener } from './journal';
import type { Ports } from './ports';
import type { Tool, ToolSource } from './tool';

/** What a host gives a session. */
export type SessionOptions = {
  readonly ports: Ports;
  readonly tools: readonly Tool[];
  /** What others bring, read anew between the steps of a run. */
  readonly sources?: readonly ToolSource[];
  /** Read at the start of each run, so that a changed setting holds from the next message on. */
  readonly settings: () => Settings;
  /** What could not be read in them: no run starts while a limit is among it. */
  readonly problems?: () => readonly SettingsProblem[];
  /** Folders and trust are read at each use: both may change under a session. */
  readonly facts: PromptFacts;
  /** What only this host has to say to the model: parts of the system prompt behind the facts of the session. */
  readonly sections?: readonly Section[];
  /** Where relative paths and commands start; the first root, or a folder of the host's choice when none is open. */
  readonly cwd: string;
  /** A run that was cut off while it waited for a person waits again at once: somebody is there to answer. */
  readonly asksAgain?: boolean;
  /** Hears every event from the first one on: the system log. */
  readonly observe?: Listener;
  /** Why the settings name this model, where it was not the user who wrote it there; for the log. */
  readonly modelBy?: () => string | undefined;
  /** Version of Plumb, for the log. */
  readonly app: string;
};
