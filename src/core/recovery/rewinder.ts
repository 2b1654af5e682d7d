import type { FileStep, LeftFile, RewindPart } from '../../protocol/event-parts';
import type { AgentEvent } from '../../protocol/events';
import type { Journal } from '../journal';
import type { CopyPorts } from './keep-file';
import { applyFiles, partsOf, planRedo, planRewind, type RewindPlan } from './rewind';

/** A message that one can go back to. */
export type Checkpoint = { readonly seq: number; readonly at: number; readonly text: string };

export type Rewinding = { readonly files: readonly FileStep[]; readonly left: readonly LeftFile[] };

/** Goes back to an earlier message of a session, and forward again [W5]. */
export type Rewinder = {
  /** Newest first: the messages of the conversation as it stands. */
  checkpoints(): readonly Checkpoint[];
  /** What a rewind would do to files. Changes nothing. */
  preview(to: number): Promise<RewindPlan>;
  /** Null when a run is under way, or there is no such message. `plan` is what the user was shown; files that moved since are left alone. */
  rewind(to: number, what: RewindPart, plan: RewindPlan): Promise<Rewinding | null>;
  /** Takes the newest rewind back; null when something new was said since, or there was none. */
  redo(): Promise<Rewinding | null>;
};

type Input = CopyPorts & {
  readonly journal: Journal;
  readonly flush: () => Promise<void>;
  /** Runs the work while no run can start; null when one is under way. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T | null>;
};

export function createRewinder({ session, journal, ports, flush, alone }: Input): Rewinder {
  const world = { session, ports };

  /** Said first, done second: after a crash in between, the files that still are as they were count as such. */
  async function perform(event: Extract<Parameters<Journal['emit']>[0], { type: 'rewound' | 'rewind_undone' }>): Promise<Rewinding> {
    journal.emit(event);
    await flush();
    const late = await applyFiles(event.files, world);
    return { files: event.files.filter(({ path }) => !late.some((l) => l.path === path)), left: [...event.left, ...late] };
  }

  return {
    checkpoints() {
      const open = new Set(journal.state().marks.map((m) => m.seq));
      const messages = journal.events().filter((e): e is Extract<AgentEvent, { type: 'user_message' }> => e.type === 'user_message');
      return messages.flatMap(({ seq, at, text }) => (open.has(seq) ? [{ seq, at, text }] : [])).reverse();
    },

    preview: (to) => planRewind(journal.events(), to, world),

    rewind: (to, what, plan) =>
      alone(async () => {
        if (!journal.state().marks.some((m) => m.seq === to)) return null;
        const { files } = partsOf(what);
        const steps = files ? plan.files.map(({ path, before, after }) => ({ path, before, after })) : [];
        return perform({ type: 'rewound', to, what, files: steps, left: files ? [...plan.left] : [] });
      }),

    redo: () =>
      alone(async () => {
        const { rewind } = journal.state();
        const done = rewind && journal.events().find((e) => e.seq === rewind.seq);
        if (done?.type !== 'rewound') return null;
        const plan = await planRedo(done.files, world);
        const steps = plan.files.map(({ path, before, after }) => ({ path, before, after }));
        return perform({ type: 'rewind_undone', rewind: done.seq, what: done.what, files: steps, left: [...plan.left] });
      }),
  };
}
