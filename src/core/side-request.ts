import type { AssistantBlock } from '../protocol/blocks';
import { ModelError } from './errors';
import { type Fit, fitRequest, type Stop } from './limits';
import type { ModelProfile, ModelRequest, Usage } from './ports';
import type { RunContext } from './run-context';
import { countUsage } from './usage';

export type SideReply =
  | { readonly kind: 'reply'; readonly blocks: readonly AssistantBlock[]; readonly stop: string }
  /** Nothing was sent: it would have gone past a limit. */
  | { readonly kind: 'limit'; readonly stop: Stop };

/** A request beside the conversation: its prompt in tokens, whether that begins as the conversation does, and the reply it needs. */
export type SideRequest = {
  readonly request: ModelRequest;
  readonly prompt: number;
  readonly continues: boolean;
  readonly least: number;
};

/** Whether the limits leave room for it. */
export function fitAside(run: RunContext, { request, ...side }: SideRequest, profile: ModelProfile): Fit {
  const { settings, ports } = run;
  return fitRequest(request, { ...side, state: run.state(), profile, settings, now: ports.clock.now(), turn: false });
}

/**
 * Asks the model beside the conversation: nothing of the reply is shown or logged but what it cost. Sent once, and
 * only within the limits: whoever asks decides whether a failure is worth another try. @throws ModelError
 */
export async function askAside(run: RunContext, side: SideRequest, profile: ModelProfile): Promise<SideReply> {
  const { ports, signal } = run;
  const fit = fitAside(run, side, profile);
  if (!fit.ok) return { kind: 'limit', stop: fit.stop };
  const { request } = fit;
  let begun: Usage | null = null;
  try {
    for await (const chunk of ports.model.stream(request, signal)) {
      if (chunk.type === 'started') begun = chunk.usage;
      if (chunk.type !== 'finished') continue;
      const { blocks, stop, usage, model } = chunk;
      begun = null;
      run.emit({ type: 'usage', of: 'side', model, ...countUsage(usage, request, blocks, profile) });
      return { kind: 'reply', blocks, stop };
    }
  } finally {
    // One that broke off was paid for as far as it came.
    if (begun) run.emit({ type: 'usage', of: 'side', model: request.model, ...countUsage(begun, request, [], profile) });
  }
  throw new ModelError('network', 'The stream ended before the message was complete.', { next: 'Try again.', retryable: true });
}
