import { DEMO_MODEL } from './model-name';
import { respond } from './persona';
import { EFFORTS, type ModelSpec } from './wire/models';
import { startWireServer } from './wire/server';

const SPEC: ModelSpec = {
  id: DEMO_MODEL,
  name: 'Offline demo',
  line: 'opus',
  created: '2026-11-01T00:00:00Z',
  thinking: { adaptive: true, enabled: true, disabled: true, between_tools: false },
  thinksByDefault: true,
  showsThinking: true,
  binds: false,
  forcedChoice: true,
  prefill: false,
  serverTools: true,
  midSystem: true,
  efforts: EFFORTS,
  tokenFactor: 1,
  window: 200_000,
  maxOutput: 32_000,
  cacheMinimum: 1024,
};

export type DemoModel = { readonly url: string; close(): Promise<void> };

/**
 * Starts the embedded demo model: a Messages API server on loopback, on a free port. It keeps nothing between requests.
 * `paceMs` is the pause before each piece of text, so that it arrives as a person reads.
 */
export async function startDemoModel({ paceMs = 12 }: { readonly paceMs?: number } = {}): Promise<DemoModel> {
  const { url, close } = await startWireServer({ respond: (request) => respond(request, paceMs), models: [SPEC] });
  return { url, close };
}
