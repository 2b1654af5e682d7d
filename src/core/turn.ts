import type { AssistantBlock, ToolUseBlock } from '../protocol/blocks';
import { BREAKERS } from './breakers';
import { createCallIds } from './call-ids';
import { isAbort, ModelError } from './errors';
import type { Fit, Stop } from './limits';
import type { ModelProfile, ModelRequest, Usage } from './ports';
import { attemptsFor, retryDelay } from './retry';
import type { RunContext } from './run-context';
import { countUsage } from './usage';

export type TurnEnd =
  | {
      readonly kind: 'message';
      readonly blocks: readonly AssistantBlock[];
      readonly stop: string;
      readonly refusal?: string;
      readonly usage: Usage;
      readonly model: string;
    }
  /** The user stopped it: what had arrived whole, and the text of the block that was being written. */
  | { readonly kind: 'cancelled'; readonly blocks: readonly AssistantBlock[]; readonly usage: Usage | null; readonly model: string }
  /** The reply went on far past the length that was asked for, and was cut off. */
  | { readonly kind: 'endless'; readonly blocks: readonly AssistantBlock[]; readonly usage: Usage | null; readonly model: string }
  /** Nothing was sent, or not again: it would have gone past a limit. */
  | { readonly kind: 'limit'; readonly stop: Stop }
  /** The service refused the request: the conversation is longer than the window. */
  | { readonly kind: 'too_long' };

export type TurnWatch = {
  /** A tool call has arrived whole while the message is still being written. */
  offer(call: ToolUseBlock): void;
  /** The message failed or was cut off: whatever was begun for it counts for nothing. */
  abandon(): void;
};

type TurnInput = {
  readonly run: Pick<RunContext, 'ports' | 'emit' | 'signal'>;
  readonly profile: ModelProfile;
  /** The request, as long as the limits leave room for it. Asked before each attempt, for one that broke off was paid for. */
  readonly within: () => Fit;
  readonly turn: number;
  readonly watch: TurnWatch;
};

/** No token is longer than this many characters on average: a reply with more is longer than was asked for. */
const CHARS_PER_TOKEN = 16;
const SPARE_CHARS = 20_000;

/**
 * Gets one assistant message: streams previews, and sends the request again after errors that a repeat can mend,
 * with backoff. @throws ModelError when it gives up.
 */
export async function takeTurn(input: TurnInput): Promise<TurnEnd> {
  const { watch, profile } = input;
  const { emit, ports, signal } = input.run;
  for (let attempt = 1; ; attempt++) {
    const fit = input.within();
    if (!fit.ok) return { kind: 'limit', stop: fit.stop };
    const { request } = fit;
    const progress: Progress = { blocks: [], writing: '', usage: null, chars: 0 };
    try {
      return await attemptTurn(input, request, attempt, progress);
    } catch (error) {
      watch.abandon();
      if (signal.aborted) return { kind: 'cancelled', blocks: whole(progress), usage: progress.usage, model: request.model };
      if (!(error instanceof ModelError)) throw error;
      if (error.kind === 'too_long') return { kind: 'too_long' };
      if (progress.usage) {
        const counted = countUsage(progress.usage, request, whole(progress), profile);
        emit({ type: 'usage', of: 'retry', model: request.model, ...counted });
      }
      const delay = retryDelay(error, attempt, progress.usage !== null, Math.random());
      if (delay === null) {
        if (attempt > 1) emit(givenUp(attempt, error));
        throw error;
      }
      const until = Math.round(ports.clock.now() + delay);
      emit({
        type: 'state_changed',
        workflow: {
          at: 'retrying',
          turn: input.turn,
          until,
          attempt,
          cause: `${error.message} (attempt ${attempt} of ${attemptsFor(error, progress.usage !== null)})`,
        },
      });
      try {
        await ports.clock.sleep(delay, signal);
      } catch (stopped) {
        if (!isAbort(stopped)) throw stopped;
        return { kind: 'cancelled', blocks: [], usage: null, model: request.model };
      }
      emit({ type: 'state_changed', workflow: { at: 'thinking', turn: input.turn } });
    }
  }
}

type Progress = { blocks: AssistantBlock[]; writing: string; usage: Usage | null; chars: number };

function givenUp(attempts: number, { message }: ModelError) {
  const detail = `The request was sent ${attempts} times and failed each time: ${message}`;
  return { type: 'breaker_tripped' as const, breaker: 'api_retry', detail, next: BREAKERS.api_retry.next };
}

async function attemptTurn(
  { run: { ports, emit, signal }, turn, watch }: TurnInput,
  request: ModelRequest,
  attempt: number,
  progress: Progress,
): Promise<TurnEnd> {
  const ids = createCallIds(request.messages);
  for await (const chunk of ports.model.stream(request, signal)) {
    switch (chunk.type) {
      case 'started':
        progress.usage = chunk.usage;
        break;
      case 'delta':
        progress.chars += chunk.text.length;
        if (chunk.of === 'text') progress.writing += chunk.text;
        // Leaving the loop ends the request.
        if (progress.chars > request.maxTokens * CHARS_PER_TOKEN + SPARE_CHARS) {
          watch.abandon();
          return { kind: 'endless', blocks: whole(progress), usage: progress.usage, model: request.model };
        }
        emit({
          type: 'delta',
          of: chunk.of,
          of_id: chunk.callId === undefined ? `${turn}.${attempt}.${chunk.index}` : ids.writing(chunk.index, chunk.callId),
          tool: chunk.tool,
          text: chunk.text,
          turn,
        });
        break;
      case 'block':
        progress.writing = '';
        if (chunk.block.type === 'tool_use') watch.offer(ids.whole(chunk.index, chunk.block));
        else progress.blocks.push(chunk.block);
        break;
      case 'finished':
        return {
          kind: 'message',
          blocks: ids.message(chunk.blocks),
          stop: chunk.stop,
          refusal: chunk.refusal,
          usage: chunk.usage,
          model: chunk.model,
        };
    }
  }
  throw new ModelError('network', 'The stream ended before the message was complete.', { next: 'Try again.', retryable: true });
}

/** Of a message that was cut short only its text is kept: its calls did not run, and lone thinking has nothing to answer to. */
function whole(progress: Progress): AssistantBlock[] {
  const blocks: AssistantBlock[] = progress.blocks.filter((b) => b.type === 'text');
  if (progress.writing.trim()) blocks.push({ type: 'text', text: progress.writing });
  return blocks;
}
