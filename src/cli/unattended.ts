import type { Approver, Asker } from '../core/ports';

/** Nobody is there: what would be asked is denied, and the model hears why. */
export const unattendedApprover: Approver = {
  handler: 'unattended',
  decide: async (_ask, signal) => ({ choice: signal.aborted ? 'cancel' : 'nobody' }),
};

export const unattendedAsker: Asker = { ask: async () => null };
