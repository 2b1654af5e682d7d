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
export type ShellRequest = {
  readonly command: string;
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly exit?: ExitNote;
  /**
   * The line was judged to read only, and nobody was asked: programs of these folders, and those that their settings name
   * for Git and package managers, are not run in its course.
   */
  readonly reading?: { readonly roots: readonly string[] };
  /** Only the mode let it pass: it runs in the system's sandbox, writing in these folders and temp, without network. Or not at all. */
  readonly confine?: { readonly roots: readonly string[] };
};
/** Whether this system can confine a command, and by what; or why not, as a clause. */
export type SandboxState = { readonly ready: true; readonly by: string } | { readonly ready: false; readonly why: string };

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
  /** Found out once. Without it there is no sandbox. */
  sandbox?(): Promise<SandboxState>;
  /**
   * The exit code that a command noted whose starter has died; null when it noted none: it was ended in the middle, or
   * its note is lost. What such a starter left running has been ended when this resolves, so nothing changes any more.
   */
  noted?(exit: ExitNote): Promise<number | null>;
}
