import type { AssistantBlock, ToolUseBlock } from '../protocol/blocks';
import { BREAKERS, type Tripped } from './breakers';
import type { Stop } from './limits';
import type { RunContext } from './run-context';

export const CANCELLED: Stop = { reason: 'cancelled', detail: 'You stopped it.', retryable: true };

export const WINDOW_FULL: Stop = {
  reason: 'failed',
  detail: 'The conversation has filled the context window of the model.',
  next: 'Condense it, start a new session, or choose a model with a larger window.',
  retryable: false,
  error: 'too_long',
};

type Next =
  | { readonly kind: 'act' }
  /** The output limit, or the end of the window, fell into the message. */
  | { readonly kind: 'cut'; readonly windowFull: boolean }
  | { readonly kind: 'pause' }
  | { readonly kind: 'stop'; readonly stop: Stop };

/** What a stop reason asks for. A message with calls is acted on, whatever a lax server named as its reason. */
export function nextAfter(stop: string, calls: readonly ToolUseBlock[], refusal: string | undefined): Next {
  if (stop === 'refusal') {
    return {
      kind: 'stop',
      stop: {
        reason: 'refused',
        detail: refusal || 'The model declined to go on with this request.',
        next: 'Say it differently, or choose another model.',
        retryable: false,
      },
    };
  }
  if (stop === 'max_tokens') return { kind: 'cut', windowFull: false };
  if (stop === 'model_context_window_exceeded') return { kind: 'cut', windowFull: true };
  if (stop === 'pause_turn') return { kind: 'pause' };
  if (calls.length > 0) return { kind: 'act' };
  return { kind: 'stop', stop: { reason: 'done', detail: '', retryable: false } };
}

/** No call of a message that was cut may run half: the model is told to go on in smaller pieces. */
export function rejectCut(run: RunContext, calls: readonly ToolUseBlock[]): void {
  const text = 'Your reply was cut at the output limit, so this call did not run. Send it again, in smaller pieces.';
  for (const call of calls) {
    run.emit({ type: 'tool_started', callId: call.id, tool: call.name, title: call.name, detail: '', class: 'read_only' });
    run.emit({
      type: 'tool_finished',
      callId: call.id,
      tool: call.name,
      outcome: 'error',
      output: [{ type: 'text', text }],
      summary: 'cut at the output limit',
      ms: 0,
    });
  }
  if (calls.length === 0)
    run.emit({ type: 'notice', of: 'continue', text: 'Your reply was cut at the output limit. Go on exactly where it stopped.' });
}

/** Nothing for the user and nothing to do: thinking alone leads nowhere. */
export function isEmpty(blocks: readonly AssistantBlock[]): boolean {
  return blocks.every((b) => b.type === 'thinking' || b.type === 'redacted_thinking' || (b.type === 'text' && b.text.trim() === ''));
}

/** After an empty reply: some models fall silent after a result, and go on when they are asked to. */
export function askToGoOn(run: RunContext): void {
  const text = 'Your reply was empty. Go on, or say in a sentence what came of the task.';
  run.emit({ type: 'notice', of: 'continue', text });
}

export function stalled(run: RunContext, { breaker, detail }: Tripped): Stop {
  const { next } = BREAKERS[breaker];
  run.emit({ type: 'breaker_tripped', breaker, detail, next });
  return { reason: 'stalled', detail, next, retryable: true };
}
