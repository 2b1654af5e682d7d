import type { Stop } from '../limits';
import type { ModelProfile } from '../ports';
import { clearOld } from './clear-old';
import { type CompactorInput, createCompactor, type NotCondensed } from './compact';
import { spillTurn } from './spill-turn';

/** Keeps the conversation inside the window: what the loop asks before each request, and when one did not fit. */
export type ContextKeeper = {
  /** Spills, clears and condenses what is due, in this order: the cheapest first. */
  beforeRequest(profile: ModelProfile): Promise<void>;
  /** The service says that the conversation does not fit: null when it has been condensed and is worth sending again. */
  overflow(profile: ModelProfile): Promise<Stop | null>;
  /** The user asks to condense it. Null when it worked, else why it did not. */
  condense(profile: ModelProfile, instructions: string): Promise<NotCondensed | null>;
};

export function createContextKeeper(input: CompactorInput): ContextKeeper {
  const { run, history, events } = input;
  const compactor = createCompactor(input);
  return {
    async beforeRequest(profile) {
      await spillTurn(run, history, events());
      clearOld(run, history, events(), profile);
      await compactor.ifDue(profile);
    },
    overflow: compactor.overflow,
    condense: compactor.now,
  };
}
