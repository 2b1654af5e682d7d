import type { Place, Problem } from '../../protocol/display';

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
