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

/** What is gone when a path is deleted. */
export type Whole = {
  readonly files: readonly { readonly path: string; readonly mode: number }[];
  /** Links and special files: what a link leads to stays. */
  readonly others: readonly string[];
  readonly bytes: number;
  /** False when there is more than the bounds allow: then the list is not whole. */
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
  /** A file, or every file below a folder, ignored ones too; no link is followed. Never rejects for what may not be read. */
  whole(path: string, bounds: { readonly files: number; readonly bytes: number }, signal: AbortSignal): Promise<Whole>;
}
