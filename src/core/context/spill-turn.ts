import type { Content } from '../../protocol/blocks';
import type { AgentEvent } from '../../protocol/events';
import type { RunContext } from '../run-context';
import type { History } from './history';
import { spill, textLength } from './spill';
import { isSaid, type View } from './view';

/** What is not much longer than its preview stays. */
const WORTH_CHARS = 5_000;

/**
 * The results of one turn together: above the limit the largest go to disk until the rest fits [C6]. Decided once,
 * before the model has seen them, and written to the log: what was sent stays as it was sent, whatever the limit is
 * by then [C7].
 */
export async function spillTurn(run: RunContext, history: History, events: readonly AgentEvent[]): Promise<void> {
  if (history.isSent()) return;
  const results = newestResults(events, history.view());
  let total = [...results.values()].reduce((sum, { output }) => sum + textLength(output), 0);
  const largest = [...results].sort(([, a], [, b]) => textLength(b.output) - textLength(a.output));
  for (const [callId, { output, spilled }] of largest) {
    if (total <= run.settings.spillTurnChars || textLength(output) < WORTH_CHARS) return;
    if (spilled) continue;
    const { content, path } = await spill(output, 0, run.ports.store, run.session, callId);
    total += textLength(content) - textLength(output);
    run.emit({ type: 'context_changed', kind: 'spilled', detail: path ?? '', callId, output: [...content] });
  }
}

type Result = { readonly output: readonly Content[]; readonly spilled: boolean };

/** The results of the newest assistant message, as the model is to get them. Looks from the end, and no further than that. */
function newestResults(events: readonly AgentEvent[], view: View): Map<string, Result> {
  const results = new Map<string, Result>();
  const from = events.findLastIndex((e) => e.type === 'assistant_message' && isSaid(view, e.seq));
  for (const event of events.slice(from + 1)) {
    if (!isSaid(view, event.seq)) continue;
    if (event.type === 'tool_finished') results.set(event.callId, { output: event.output, spilled: event.spill !== undefined });
    if (event.type === 'context_changed' && event.callId && event.output)
      results.set(event.callId, { output: event.output, spilled: true });
  }
  return results;
}
