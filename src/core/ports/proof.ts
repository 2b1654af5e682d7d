import type { LogHeader } from '../../protocol/log';

/** The signed chain beside a session's log, open for writing. Nobody else writes it: the log's lock guards both. */
export interface ProofFile {
  /** Of the log that it goes with. */
  readonly header: LogHeader;
  /** The last whole line, and the last one that introduced an agent. What a crash tore is gone. */
  readonly last: string | null;
  readonly lastAgent: string | null;
  /** Whole lines, at the end. After a failure the same lines can be given again. @throws StoreError */
  append(lines: readonly string[]): Promise<void>;
  /** To the disk, and closed. @throws StoreError */
  close(): Promise<void>;
}

export interface ProofFiles {
  /** @throws StoreError */
  open(session: string): Promise<ProofFile>;
}
