import { z } from 'zod';
import { type AgentEvent, zAgentEvent } from './events';
import { type QuickCheck, quickCheck } from './quick-check';

/**
 * The session log on disk: `events.jsonl`, one JSON value a line. The first line is the header; every other line
 * is an event. A torn last line is dropped on load; a damaged line elsewhere is reported, never guessed at. Version 2
 * added a checksum at the end of each event's line; a log of version 1 is migrated when it is opened to be written on.
 */
export const LOG_VERSION = 2;

export const zLogHeader = z.object({
  plumb: z.literal('session'),
  version: z.number().int(),
  session: z.string(),
  createdAt: z.number(),
});
export type LogHeader = z.infer<typeof zLogHeader>;

export type ParsedLine = { readonly kind: 'event'; readonly event: AgentEvent } | { readonly kind: 'damaged'; readonly reason: string };

/** Parses one event line of the log; never throws. */
export function parseEventLine(line: string): ParsedLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'damaged', reason: 'not JSON' };
  }
  if (isEvent(value)) return { kind: 'event', event: value };
  const parsed = zAgentEvent.safeParse(value);
  if (!parsed.success) return { kind: 'damaged', reason: reasonOf(value, parsed.error) };
  return { kind: 'event', event: parsed.data };
}

const zTyped = z.object({ type: z.string() });

/** Not the list of all kinds of events, which says nothing to anybody. */
function reasonOf(value: unknown, error: z.ZodError): string {
  const typed = zTyped.safeParse(value);
  if (!typed.success) return 'not an event';
  const known = zAgentEvent.options.some((option) => option.shape.type.value === typed.data.type);
  return known ? z.prettifyError(error) : `this Plumb knows no event of the kind ${JSON.stringify(typed.data.type.slice(0, 60))}`;
}

let check: QuickCheck | undefined;

/** A log as Plumb wrote it holds nothing else; parsing each of its lines took a quarter of the time of a resume. */
function isEvent(value: unknown): value is AgentEvent {
  check ??= quickCheck(zAgentEvent);
  return check(value);
}
