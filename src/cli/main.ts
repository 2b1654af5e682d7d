import { text as readAll } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { version } from '../../package.json';
import { ModelError, messageOf, StoreError, ToolError } from '../core/errors';
import { redact } from '../core/observe/redact';
import type { AgentEvent } from '../protocol/events';
import type { StopReason } from '../protocol/workflow';
import { HELP, type RunArgs, readArgs } from './args';
import { audit } from './audit';
import { classify } from './classify';
import { compose, type Run } from './compose';
import { explain } from './explain';
import { Failure } from './failure';
import { metrics } from './metrics';
import { exitCodeOf, outcomeOf } from './outcome';
import { createOutput, type Output } from './output';
import { printLog } from './print-log';
import { printStatus } from './status';
import { verify } from './verify';

const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof EXIT_BY_SIGNAL;

// The grammar of bash holds one huge function, which V8 would compile anew for seconds once it is warm: a run parses too
// little to ever win that back.
setFlagsFromString('--no-wasm-tier-up');
setFlagsFromString('--no-wasm-dynamic-tiering');

/** What is said within one turn of the event loop goes out in one piece: a pipe is written to synchronously. */
let unwritten = '';
const out = (text: string) => {
  if (unwritten === '') process.nextTick(writeOut);
  unwritten += text;
};
function writeOut(): void {
  const text = unwritten;
  unwritten = '';
  if (text !== '') process.stdout.write(text);
}
const err = (text: string) => void process.stderr.write(redact(text));

async function main(): Promise<number> {
  const args = readArgs(process.argv.slice(2), !process.stdin.isTTY);
  switch (args.kind) {
    case 'help':
      out(HELP);
      return 0;
    case 'version':
      out(`${version}\n`);
      return 0;
    case 'wrong':
      err(`plumb: ${args.message}\nplumb --help shows how it is used.\n`);
      return 2;
    case 'status':
      return orFailure(async () => {
        await printStatus(args.wanted, args.storage, out);
        return 0;
      });
    case 'log':
      return orFailure(() => printLog(args, out));
    case 'metrics':
      return orFailure(async () => {
        out(await metrics(args, (warning) => err(`plumb: ${warning}\n`)));
        return 0;
      });
    case 'audit':
      return orFailure(() => audit(args, out, (warning) => err(`plumb: ${warning}\n`)));
    case 'classify':
      return orFailure(() => classify(process.stdin, out));
    case 'explain':
      return orFailure(() => explain(args, process.stdin, out));
    case 'verify':
      return orFailure(() => verify(args, out), 2);
    case 'run':
      return runOnce(args, createOutput(args.format, { out, err, progress: process.stderr.isTTY === true }));
    default:
      return args satisfies never;
  }
}

/** Failures that can be told end the command with their code, or with the one given. */
async function orFailure(work: () => Promise<number>, code?: number): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    err(`plumb: ${failure.message}\n${failure.next}\n`);
    return code ?? failure.exitCode;
  }
}

async function runOnce(args: RunArgs, output: Output): Promise<number> {
  let run: Run;
  let prompt: string | null;
  try {
    prompt = args.prompt === '-' ? await promptFromInput() : args.prompt;
    run = await compose(args, process.env);
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    output.fail(failure);
    return failure.exitCode;
  }
  for (const warning of run.warnings) output.warn(warning);
  let code: number;
  try {
    code = await drive(run, prompt, output);
  } catch (error) {
    await run.close();
    throw error;
  }
  return (await closed(run, code, output)) ? code : 1;
}

/** False when the end of the session could not be saved; a run that failed has told of its storage already. */
async function closed(run: Run, code: number, output: Output): Promise<boolean> {
  try {
    await run.close();
    return true;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (code !== 1) output.warn(`${error.message}\n${error.next}`);
    return false;
  }
}

/** Sends the prompt and waits for the end; a signal cancels, a second one ends at once. */
async function drive({ session }: Run, prompt: string | null, output: Output): Promise<number> {
  const seen: AgentEvent[] = [];
  const take = (event: AgentEvent) => {
    if (event.seq !== 0) seen.push(event);
    output.event(event);
  };
  // The start of a new session was told before anybody could listen.
  if (prompt !== null && !session.events().some((event) => event.type === 'user_message')) session.events().forEach(take);
  session.subscribe(take);

  let interrupted: Signal | undefined;
  const onSignal = (signal: Signal) => {
    if (interrupted) process.exit(EXIT_BY_SIGNAL[signal]);
    interrupted = signal;
    session.cancel();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => onSignal(signal));
  // The reader has gone (`plumb … | head`): nobody would see the rest.
  process.stdout.on('error', () => onSignal('SIGHUP'));

  const reason: StopReason | 'queued' =
    prompt === null
      ? await session.resume()
      : await session.send({ text: prompt, attachments: [], content: [{ type: 'text', text: prompt }] });
  if (reason === 'queued') throw new Error('a new run cannot be queued');
  // Cut off right after its answer, a run leaves nothing to do: what it had come to is told now.
  const outcome = outcomeOf(session.id, reason, seen.length > 0 ? seen : session.events(), session.state().spent);
  output.end(outcome);
  return interrupted && reason === 'cancelled' ? EXIT_BY_SIGNAL[interrupted] : exitCodeOf(outcome);
}

async function promptFromInput(): Promise<string> {
  const text = await readAll(process.stdin);
  if (text.trim() === '') throw new Failure(2, 'The prompt is empty.', 'Say what to do after -p, or pipe it in.');
  return text;
}

/** What can be told in two sentences; anything else is a fault of ours. */
function failureOf(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  if (error instanceof ModelError) return new Failure(1, error.message, error.options.next);
  if (error instanceof StoreError || error instanceof ToolError) return new Failure(1, error.message, error.next);
  return undefined;
}

function end(code: number): void {
  // What was written must be out before the process goes, also where pipes are not synchronous.
  writeOut();
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

main().then(end, (error: unknown) => {
  err(
    `plumb: Plumb failed: ${messageOf(error)}\nThis is a fault in Plumb; please report it with this text.\n${error instanceof Error ? `${error.stack}\n` : ''}`,
  );
  end(1);
});
