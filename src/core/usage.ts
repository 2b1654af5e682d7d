import type { AssistantBlock } from '../protocol/blocks';
import type { EventOf } from '../protocol/events';
import { allTokens } from '../protocol/spend';
import { blockTokens, requestTokens } from './context/tokens';
import { costOf } from './limits';
import type { ModelProfile, ModelRequest, Usage } from './ports';

/** A prompt may be counted as this many times what its bytes say: every byte a token, and no more. */
const MOST_PER_ESTIMATE = 4;
/** What a service may add to a prompt of its own accord. */
const ADDED_BY_SERVICE = 10_000;

type Counted = Pick<EventOf<'usage'>, 'input' | 'output' | 'cacheRead' | 'cacheWrite' | 'cost' | 'doubt' | 'reported'>;

/**
 * What a request is counted as. The service's word stands as long as it can be true; what no request can have taken
 * (less than nothing, no prompt at all, more tokens than bytes were sent, a reply longer than the window) is replaced
 * by an estimate, and said, so that no total and no limit rests on it.
 */
export function countUsage(reported: Usage, request: ModelRequest, blocks: readonly AssistantBlock[], profile: ModelProfile): Counted {
  const doubts: string[] = [];
  let { input, output, cacheRead, cacheWrite } = reported;
  const prompt = input + cacheRead + cacheWrite;
  const estimate = requestTokens(request, request.messages);
  if (![input, cacheRead, cacheWrite].every(isCount) || prompt === 0 || prompt > estimate * MOST_PER_ESTIMATE + ADDED_BY_SERVICE) {
    doubts.push(`${said(prompt)} tokens for a prompt of about ${said(estimate)}`);
    input = estimate;
    cacheRead = 0;
    cacheWrite = 0;
  }
  const written = blocks.reduce((sum, block) => sum + blockTokens(block), 0);
  if (!isCount(output) || output > Math.max(profile.contextWindow, request.maxTokens) || (output === 0 && prompt === 0 && written > 0)) {
    doubts.push(`${said(output)} tokens for a reply of about ${said(written)}`);
    output = Math.min(written, request.maxTokens);
  }
  const usage = { input, output, cacheRead, cacheWrite };
  const cost = costOf(usage, profile);
  if (doubts.length === 0) return { ...usage, cost };
  const doubt = `The service counted ${doubts.join(' and ')}. Plumb counts ${said(allTokens(usage))} in all.`;
  const words = Object.fromEntries(Object.entries(reported).map(([name, value]) => [name, String(value)]));
  return { ...usage, cost, doubt, reported: words };
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function said(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString('en-US') : String(value);
}
