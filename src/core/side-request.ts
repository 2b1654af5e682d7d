import type { AssistantBlock } from '../protocol/blocks';
import { ModelError } from './errors';
import { costOf } from './limits';
import type { ModelProfile, ModelRequest } from './ports';
import type { RunContext } from './run-context';

export type SideReply = { readonly blocks: readonly AssistantBlock[]; readonly stop: string };

/**
 * Asks the model beside the conversation: nothing of the reply is shown or logged but what it cost. Sent once: whoever
 * asks decides whether a failure is worth another try. @throws ModelError
 */
export async function askAside(run: RunContext, request: ModelRequest, profile: ModelProfile): Promise<SideReply> {
  for await (const chunk of run.ports.model.stream(request, run.signal)) {
    if (chunk.type !== 'finished') continue;
    const { blocks, stop, usage, model } = chunk;
    run.emit({ type: 'usage', of: 'side', model, ...usage, cost: costOf(usage, profile) });
    return { blocks, stop };
  }
  throw new ModelError('network', 'The stream ended before the message was complete.', { next: 'Try again.', retryable: true });
}
