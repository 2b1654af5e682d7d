import { ModelError } from '../core/errors';
import type { ModelClient } from '../core/ports';

/** A model client whose service can change under running sessions: each request goes to the one that is set then. */
export function createSwitch(): { readonly client: ModelClient; set(client: ModelClient | null): void } {
  let current: ModelClient | null = null;
  const now = (): ModelClient => {
    if (current) return current;
    throw new ModelError('auth', 'No model is connected.', {
      next: 'Set an API key with the command Plumb: Set API key.',
      retryable: false,
    });
  };
  return {
    client: {
      service: () => now().service(),
      models: async (signal) => now().models(signal),
      profile: async (model, signal) => now().profile(model, signal),
      countTokens: async (request, signal) => now().countTokens(request, signal),
      stream: (request, signal) => now().stream(request, signal),
    },
    set(client) {
      current = client;
    },
  };
}
