import type { Settings } from '../../protocol/settings';
import type { SessionState } from '../fold';
import type { ModelProfile } from '../ports';
import type { History } from './history';
import { systemOf } from './request';
import { messagesTokens, requestTokens } from './tokens';

/** Whatever is reserved, this share of the window stays for the conversation. */
const LEAST_SHARE = 0.5;

/** Where automatic compaction sets in: room is left for the summary, and for one more turn [C1]. */
export function thresholdOf({ contextWindow }: ModelProfile, settings: Settings): number {
  return Math.max(contextWindow - settings.compactReserveSummary - settings.compactReserveTurn, contextWindow * LEAST_SHARE);
}

/** Tokens in the window: as the service counted the last turn, and an estimate of what was added since. */
export function windowTokens(state: SessionState, history: History): number {
  const messages = history.messages();
  const end = history.lastRequestEnd();
  if (!state.header) return 0;
  if (!state.last || !end) return requestTokens({ tools: state.header.tools, system: systemOf(state.header) }, messages);
  const { input, cacheRead, cacheWrite, output } = state.last;
  return input + cacheRead + cacheWrite + output + messagesTokens(messages.slice(end.message + 2));
}
