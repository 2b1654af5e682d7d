import { type Section, section } from '../core/context/sections';
import type { Approver, Asker } from '../core/ports';

/** Nobody is there: what would be asked is denied, and the model hears why. */
export const unattendedApprover: Approver = {
  handler: 'unattended',
  decide: async (_ask, signal) => ({ choice: signal.aborted ? 'cancel' : 'nobody' }),
};

export const unattendedAsker: Asker = { ask: async () => null };

/** What the model must know of it, behind the facts of the session. */
export const ALONE: Section = section(
  'host',
  'You run without an editor and nobody can answer questions: decide yourself and say what you assumed.',
);
