import { logFilter } from '../../core/observe/log-filter';
import type { LogViewState } from '../../protocol/log-view';
import { type LogFilter, NO_FILTER, type SystemRecord } from '../../protocol/system-log';

/** More than the files hold; beyond it the oldest go. */
const MOST = 200_000;
const DROPPED = 50_000;

/** The records and those that match, kept so that neither a new record nor a page of rows costs more as the log grows. */
export type LogRows = {
  take(news: { readonly anew: boolean; readonly records: readonly SystemRecord[] }): void;
  filter(filter: LogFilter): void;
  rows(from: number, count: number): readonly SystemRecord[];
  matching(): readonly SystemRecord[];
  state(): LogViewState;
};

export function createLogRows(most: number = MOST, dropped: number = DROPPED): LogRows {
  let all: SystemRecord[] = [];
  let fit: SystemRecord[] = [];
  let fits = logFilter(NO_FILTER);
  let version = 1;
  const kinds = new Set<string>();
  const sessions = new Map<string, number>();

  function sift(): void {
    fit = all.filter(fits);
    version += 1;
  }

  return {
    take({ anew, records }) {
      if (anew) {
        all = [];
        kinds.clear();
        sessions.clear();
        sift();
      }
      for (const record of records) {
        all.push(record);
        if (fits(record)) fit.push(record);
        kinds.add(record.kind);
        if (record.session !== '') sessions.set(record.session, record.at);
      }
      if (all.length <= most) return;
      all = all.slice(dropped);
      sift();
    },
    filter(filter) {
      fits = logFilter(filter);
      sift();
    },
    rows: (from, count) => fit.slice(from, from + count),
    matching: () => fit,
    state: () => ({
      version,
      total: all.length,
      matching: fit.length,
      kinds: [...kinds].sort(),
      sessions: [...sessions].map(([id, at]) => ({ id, at })).sort((a, b) => b.at - a.at),
    }),
  };
}
