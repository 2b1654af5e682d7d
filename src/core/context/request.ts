import type { EventOf } from '../../protocol/events';
import type { Settings } from '../../protocol/settings';
import type { ModelMessage, ModelProfile, ModelRequest } from '../ports';
import { endOf, type RequestEnd } from './history';

/** Replies longer than this are cut by the service and continued: it bounds the money one reply can cost. */
const MAX_OUTPUT = 32_000;

/**
 * Builds the next request: frozen tools and system, then the messages. Four marks at most [K1, K2]: after the fixed
 * system text, after the session's facts, on the block that ended the previous request, and on the last block, so that
 * the service's look-back of 20 blocks finds what was cached however many parallel calls a turn holds.
 */
export function buildRequest(input: {
  readonly header: EventOf<'session_started'>;
  readonly messages: readonly ModelMessage[];
  readonly previousEnd: RequestEnd | null;
  readonly model: string;
  readonly profile: ModelProfile;
  readonly settings: Settings;
  /** Parts of the system prompt that are worked out anew for each request: they stand last, and are not cached. */
  readonly uncached?: readonly string[];
}): ModelRequest {
  const { header, messages, profile, settings } = input;
  const ends = [input.previousEnd, endOf(messages)];
  return {
    model: input.model,
    maxTokens: Math.min(profile.maxOutput, MAX_OUTPUT),
    tools: header.tools,
    system: [...systemOf(header), ...(input.uncached ?? []).map((text) => ({ text, mark: false }))],
    messages: messages.map((message, i) =>
      markAt(
        message,
        ends.filter((end) => end?.message === i).map((end) => end?.block ?? 0),
      ),
    ),
    effort: settings.effort,
    idleTimeoutMs: settings.idleTimeoutSeconds * 1000,
  };
}

export function systemOf({ system }: EventOf<'session_started'>): ModelRequest['system'] {
  return [
    { text: system.fixed, mark: true },
    { text: system.facts, mark: true },
  ];
}

function markAt(message: ModelMessage, blocks: readonly number[]): ModelMessage {
  if (blocks.length === 0) return message;
  if (message.role === 'user') {
    return { role: 'user', content: message.content.map((block, i) => (blocks.includes(i) ? { ...block, mark: true } : block)) };
  }
  return { role: 'assistant', content: message.content.map((block, i) => (blocks.includes(i) ? { ...block, mark: true } : block)) };
}
