import type { FileState, FileStep } from '../../protocol/event-parts';
import type { AgentEvent } from '../../protocol/events';

/** What became of one file since a message, oldest step first: each step one effect, or several without a gap between. */
export type FileTrail = { readonly path: string; readonly steps: readonly Step[]; readonly byCommand: boolean };
export type Step = Pick<FileStep, 'before' | 'after'>;

/** What a rewind to a message goes by: the files changed since, and what may be missing from them. */
export type Changes = { readonly files: readonly FileTrail[]; readonly missed: readonly string[] };

/**
 * Everything done to files since the message with the sequence number `to`: by tools, by commands, by rewinds and by
 * taking those back. A pure fold over the log.
 */
export function changesSince(events: readonly AgentEvent[], to: number): Changes {
  const trails = new Map<string, { steps: Step[]; byCommand: boolean }>();
  const missed = new Set<string>();
  const open = new Map<string, Extract<AgentEvent, { type: 'effect_intended' }>>();
  const take = ({ path, before, after }: FileStep, byCommand: boolean) => {
    const trail = trails.get(path) ?? { steps: [], byCommand: false };
    const last = trail.steps.at(-1);
    // Nobody else touched it in between: one step. A way there and back stays two: a rewind may not have come to its end.
    if (last && sameState(last.after, before) && !sameState(last.before, after))
      trail.steps[trail.steps.length - 1] = { before: last.before, after };
    else trail.steps.push({ before, after });
    trails.set(path, { steps: trail.steps, byCommand: trail.byCommand || byCommand });
  };
  for (const event of events) {
    if (event.seq < to) continue;
    switch (event.type) {
      case 'effect_intended': {
        // Begun a second time after a crash: what lies between is the first attempt's doing.
        const again = open.get(event.callId)?.kept ?? {};
        for (const [path, before] of Object.entries(again)) take({ path, before, after: event.kept?.[path] ?? before }, false);
        open.set(event.callId, event);
        break;
      }
      case 'files_changed':
        open.delete(event.callId);
        for (const file of event.files) take(file, event.by === 'command');
        if (event.missed) missed.add(event.missed);
        break;
      case 'tool_finished':
        // A call that was cut off never told what it did to its files.
        if (event.outcome === 'unknown') {
          for (const [path, before] of Object.entries(open.get(event.callId)?.kept ?? {}))
            take({ path, before, after: { is: 'lost', why: CUT_OFF } }, false);
        }
        open.delete(event.callId);
        break;
      case 'rewound':
      case 'rewind_undone':
        for (const file of event.files) take(file, false);
        break;
      default:
        break;
    }
  }
  const files = [...trails].map(([path, { steps, byCommand }]) => ({ path, byCommand, steps: steps.filter(isChange) }));
  return { files: files.filter((f) => f.steps.length > 0), missed: [...missed] };
}

const CUT_OFF = 'the call that changed it was cut off';

function isChange({ before, after }: Step): boolean {
  return !sameState(before, after);
}

/** Known to be the same. */
export function sameState(a: FileState, b: FileState): boolean {
  if (a.is === 'kept') return b.is === 'kept' && a.hash === b.hash;
  return a.is === 'absent' && b.is === 'absent';
}

/** The copies that these events refer to. */
export function copiesIn(events: readonly AgentEvent[]): readonly string[] {
  const hashes = new Set<string>();
  const add = (state: FileState) => {
    if (state.is === 'kept') hashes.add(state.hash);
  };
  for (const event of events) {
    if (event.type === 'effect_intended') Object.values(event.kept ?? {}).forEach(add);
    if (event.type !== 'files_changed' && event.type !== 'rewound' && event.type !== 'rewind_undone') continue;
    for (const { before, after } of event.files) [before, after].forEach(add);
  }
  return [...hashes];
}
