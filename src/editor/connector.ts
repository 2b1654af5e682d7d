import type { ModelClient, ModelProfile } from '../core/ports';
import type { Connection, ModelChoice } from '../protocol/messages';

/** `key` is equal for equal connections: a setting that has nothing to do with it must not cut a running request off. */
export type Configured =
  | { readonly kind: 'service'; readonly key: string; readonly host: string; make(): ModelClient }
  | { readonly kind: 'none' };

export type ConnectorDeps = {
  /** What is configured now; `demo` when nothing is. */
  configured(): Promise<Configured>;
  startDemo(): Promise<{ readonly client: ModelClient; close(): Promise<void> }>;
  use(client: ModelClient): void;
  onProblem(error: unknown): void;
};

export type ConnectorState = {
  readonly connection: Connection;
  readonly models: readonly ModelProfile[];
  readonly choices: readonly ModelChoice[];
};

/** Keeps the model client in step with the key, the address and the environment; the embedded demo stands in when there is none. */
export type Connector = {
  state(): ConnectorState;
  /** Resolves once a client is in use; the list of models may still be on its way. */
  ready(): Promise<void>;
  refresh(): Promise<void>;
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
};

export function createConnector(deps: ConnectorDeps): Connector {
  const listeners = new Set<() => void>();
  let state: ConnectorState = { connection: { kind: 'none', why: '' }, models: [], choices: [] };
  let demo: { close(): Promise<void> } | null = null;
  let ready: Promise<void> | null = null;
  let generation = 0;
  let used = '';

  function set(next: ConnectorState): void {
    state = next;
    for (const listener of listeners) listener();
  }

  async function connect(mine: number): Promise<void> {
    const configured = await deps.configured();
    const key = configured.kind === 'service' ? configured.key : 'demo';
    if (key === used || mine !== generation) return;
    const client = configured.kind === 'service' ? configured.make() : await useDemo();
    if (mine !== generation) return;
    used = key;
    deps.use(client);
    set({
      connection: configured.kind === 'service' ? { kind: 'service', host: configured.host } : { kind: 'demo' },
      models: [],
      choices: [],
    });
    listModels(client, key).catch(deps.onProblem);
  }

  async function useDemo(): Promise<ModelClient> {
    const started = await deps.startDemo();
    await demo?.close();
    demo = started;
    return started.client;
  }

  /** Counts as long as that connection is in use, however often it was looked at again meanwhile. */
  async function listModels(client: ModelClient, key: string): Promise<void> {
    const models = await client.models(new AbortController().signal);
    if (key === used) set({ ...state, models, choices: models.map(choiceOf) });
  }

  return {
    state: () => state,
    ready: () => {
      ready ??= connect(generation);
      return ready;
    },
    refresh() {
      generation += 1;
      ready = connect(generation);
      return ready;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      await demo?.close();
    },
  };
}

function choiceOf(profile: ModelProfile): ModelChoice {
  const { price } = profile;
  return {
    id: profile.id,
    name: profile.name,
    contextWindow: profile.contextWindow,
    price: price && price.output > 0 ? `$${price.input} in, $${price.output} out` : '',
  };
}
