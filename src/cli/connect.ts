import type { ModelClient } from '../core/ports';
import { DEMO_MODEL } from '../demo/model-name';
import { startDemoModel } from '../demo/start';
import { createModelClient } from '../model/client';
import { connectionFrom } from '../model/connection';
import { Failure } from './failure';

export type Connected = {
  readonly client: ModelClient;
  /** The model that answers when no setting names one; empty leaves it to the service. */
  readonly model: string;
  close(): Promise<void>;
};

/** Finds who answers. @throws Failure when nothing is configured. */
export async function connect(env: NodeJS.ProcessEnv, demo: boolean, settingBaseUrl: string): Promise<Connected> {
  if (demo || env.PLUMB_DEMO === '1') {
    const server = await startDemoModel({ paceMs: 0 });
    return { client: createModelClient({ baseUrl: server.url }), model: DEMO_MODEL, close: server.close };
  }
  const connection = connectionFrom({ env, settingBaseUrl });
  if (connection.kind === 'none') {
    throw new Failure(
      1,
      'No model is connected.',
      'Set ANTHROPIC_API_KEY, or ANTHROPIC_BASE_URL for a server of your own that speaks the Messages API; or try the offline demo with --demo.',
    );
  }
  return { client: createModelClient(connection), model: '', close: async () => undefined };
}
