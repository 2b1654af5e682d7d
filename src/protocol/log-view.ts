import { z } from 'zod';
import { type SystemRecord, zLogFilter } from './system-log';

/** What the page of the log view says to the host. */
export const zLogViewMessage = z.discriminatedUnion('type', [
  /** `filter` is what the page had set before it was reloaded. */
  z.strictObject({ type: z.literal('ready'), filter: zLogFilter }),
  z.strictObject({ type: z.literal('filter'), filter: zLogFilter }),
  z.strictObject({
    type: z.literal('rows'),
    version: z.number().int(),
    from: z.number().int().min(0),
    count: z.number().int().min(1).max(500),
  }),
  /** Opens the rows that match as a document. */
  z.strictObject({ type: z.literal('export') }),
  z.strictObject({ type: z.literal('open_session'), session: z.string() }),
]);
export type LogViewMessage = z.infer<typeof zLogViewMessage>;

export type LogViewState = {
  /** A row keeps its number as long as this stays the same; rows are only added then. */
  readonly version: number;
  readonly total: number;
  readonly matching: number;
  readonly kinds: readonly string[];
  /** Newest first. */
  readonly sessions: readonly { readonly id: string; readonly at: number }[];
};

export type LogHostMessage =
  | { readonly type: 'strings'; readonly strings: Readonly<Record<string, string>> }
  | { readonly type: 'state'; readonly state: LogViewState }
  | { readonly type: 'rows'; readonly version: number; readonly from: number; readonly rows: readonly SystemRecord[] }
  | { readonly type: 'problem'; readonly text: string };
