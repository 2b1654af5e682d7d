import type { AgentEvent } from '../protocol/events';
import type { OutputFormat } from './args';
import type { Failure } from './failure';
import type { Outcome } from './outcome';

/** What goes to standard output and standard error, and when. */
export type Output = {
  event(event: AgentEvent): void;
  end(outcome: Outcome): void;
  warn(text: string): void;
  /** The run could not start. */
  fail(error: Failure): void;
};
export type Streams = { readonly out: (text: string) => void; readonly err: (text: string) => void; readonly progress: boolean };

export function createOutput(format: OutputFormat, { out, err, progress }: Streams): Output {
  const complain = (message: string, next: string | undefined) => err(`plumb: ${message}\n${next ? `${next}\n` : ''}`);
  return {
    event(event) {
      if (format === 'stream-json') out(`${JSON.stringify(event)}\n`);
      else if (progress && event.type === 'tool_started') err(`· ${printable(`${event.title} ${event.detail}`)}\n`);
      else if (event.type === 'usage' && event.doubt !== undefined) err(`plumb: ${event.doubt}\n`);
      else if (event.type === 'state_changed' && event.workflow.at === 'retrying') {
        const seconds = Math.max(1, Math.round((event.workflow.until - event.at) / 1000));
        err(`plumb: ${event.workflow.cause}; trying again in ${seconds} s\n`);
      }
    },
    end(outcome) {
      if (format === 'json') out(`${JSON.stringify(outcome)}\n`);
      if (format === 'text' && outcome.text !== '') out(outcome.text.endsWith('\n') ? outcome.text : `${outcome.text}\n`);
      if (outcome.reason !== 'done' && outcome.detail) complain(outcome.detail, outcome.next);
      for (const { title, detail, why, rules } of outcome.denied) {
        const allow = rules.map((rule) => `--allow ${quoted(rule)}`).join(' ');
        complain(
          `denied, because nobody was there to ask: ${printable(`${title} ${detail}`)} (${why})`,
          allow ? `To let it pass: ${allow}` : 'Nothing lets this pass without a person: do it yourself, or run it in the editor.',
        );
      }
    },
    warn: (text) => err(`plumb: ${text}\n`),
    fail(error) {
      if (format === 'json') out(`${JSON.stringify(unstarted(error))}\n`);
      complain(error.message, error.next);
    },
  };
}

/** Those who read the object at the end get one in every case. */
function unstarted(error: Failure): Outcome {
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const sessionTotal = { ...usage, cost: null };
  return {
    session: null,
    reason: 'failed',
    text: '',
    turns: 0,
    usage,
    cost: null,
    spend: [],
    sessionTotal,
    denied: [],
    detail: error.message,
    next: error.next,
  };
}

/** One line without control characters: what a tool is called with comes from the model. */
export function printable(text: string): string {
  const line = text.trim().replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
