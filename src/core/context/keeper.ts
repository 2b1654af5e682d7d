import type { AgentEvent } from '../../protocol/events';
import type { ModelProfile } from '../ports';
import { clearOld } from './clear-old';
import { type CompactorInput, createCompactor } from './compact';
import { spillTurn } from './spill-turn';
import { isSaid, type View } from './view';

/** Keeps the conversation inside the window: what the loop asks before each request, and when one did not fit. */
export type ContextKeeper = {
  /** Spills, clears and condenses what is due, in this order: the cheapest first. */
  beforeRequest(profile: ModelProfile): Promise<void>;
  /** The service says that the conversation does not fit: true when it has been condensed and is worth sending again. */
  overflow(profile: ModelProfile): Promise<boolean>;
  /** The user asks to condense it. Null when it worked, else why it did not. */
  condense(profile: ModelProfile, instructions: string): Promise<string | null>;
};

export function createContextKeeper(input: CompactorInput): ContextKeeper {
  const { run, history, events } = input;
  const compactor = createCompactor(input);
  return {
    async beforeRequest(profile) {
      const said = saidOf(events(), history.view());
      await spillTurn(run, history, said);
      clearOld(run, history, said, profile);
      await compactor.ifDue(profile);
    },
    overflow: compactor.overflow,
    condense: compactor.now,
  };
}

/** Without what the user went back behind. */
function saidOf(events: readonly AgentEvent[], view: View): readonly AgentEvent[] {
  return view.hidden.length === 0 ? events : events.filter((event) => isSaid({ ...view, keptFrom: 1 }, event.seq));
}
