import { StoreError } from '../errors';
import type { Journal } from '../journal';
import type { Clock } from '../ports';
import type { Store } from '../ports/store';
import { foldRecord, recordOf } from './workflow-record';

/** A run changes its stage often; on disk it is that much behind at the most. */
const PAUSE_MS = 250;

export type WorkflowRecorder = {
  /** The newest record is on disk, and none comes after it. */
  close(): Promise<void>;
};

/** Keeps the record of a session's work beside its log, as it goes on [W3]. Nothing waits for it. */
export function recordWorkflow(
  session: string,
  journal: Journal,
  ports: { readonly store: Store; readonly clock: Clock },
): WorkflowRecorder {
  const stop = new AbortController();
  let record = recordOf(session, journal.events());
  let dirty = true;
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    while (dirty) {
      dirty = false;
      try {
        await ports.store.noteWorkflow(record);
      } catch (error) {
        // The disk that fails is that of the log, which reports it; the next change tries again.
        if (!(error instanceof StoreError)) throw error;
      }
      await ports.clock.sleep(PAUSE_MS, stop.signal).catch(() => undefined); // cut short at the end
    }
    writing = null;
  }

  function changed(): void {
    dirty = true;
    writing ??= write();
  }

  const unsubscribe = journal.subscribe((event) => {
    const next = foldRecord(record, event, journal.state());
    if (next === record) return;
    record = next;
    changed();
  });
  if (record.updatedAt > 0) changed();

  return {
    async close() {
      unsubscribe();
      stop.abort();
      await writing;
    },
  };
}
