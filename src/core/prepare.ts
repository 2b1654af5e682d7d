import type { ToolUseBlock } from '../protocol/blocks';
import { isAbort, messageOf, ToolError } from './errors';
import { definitionText } from './held-tools';
import { hasMark } from './observe/redact';
import type { Asker, Ports } from './ports';
import { namesLike } from './registry';
import type { RunContext } from './run-context';
import { stableJson } from './stable';
import type { Assessment, ParsedCall, Summary, Tool, ToolContext } from './tool';

/** A call that may go on to its permission, or one that is over before anybody was asked. */
export type Prepared =
  | {
      readonly kind: 'ready';
      readonly block: ToolUseBlock;
      readonly tool: Tool;
      readonly call: ParsedCall;
      readonly summary: Summary;
      readonly assessment: Assessment;
      readonly inputHash: string;
    }
  | { readonly kind: 'failed'; readonly block: ToolUseBlock; readonly summary: Summary; readonly text: string };
export type Ready = Extract<Prepared, { kind: 'ready' }>;

/** Finds the tool, checks the input and judges the call. Never throws: what is wrong becomes text for the model. */
export async function prepare(block: ToolUseBlock, run: RunContext): Promise<Prepared> {
  const failed = (text: string): Prepared => ({ kind: 'failed', block, summary: { title: block.name, detail: '' }, text });
  const tool = run.pool.tools.get(block.name) ?? run.pool.held.get(block.name);
  if (!tool) return failed(notThere(block.name, run));
  if (block.malformed !== undefined) {
    return failed(
      `The input of ${block.name} was not a JSON object: ${block.malformed.slice(0, 200)}\nSend the call again with valid JSON that fits the schema.`,
    );
  }
  try {
    const call = tool.parse(block.input);
    const other = call.standsFor();
    if (other) return await prepareOther(block, other, run);
    const assessment = await call.assess({ ports: run.ports, facts: run.facts() });
    if (assessment.class !== 'read_only' && !tool.restoresSecrets && hasMark(JSON.stringify(call.input))) return failed(MARKED);
    return {
      kind: 'ready',
      block,
      tool,
      call,
      summary: call.summarize(),
      assessment,
      inputHash: inputHash(block.name, call.input, run.ports),
    };
  } catch (error) {
    if (error instanceof ToolError) return failed(`${error.text}${unseen(tool, run)}`);
    if (isAbort(error)) return failed('The user stopped this call before it ran.');
    return failed(
      `${block.name} could not judge this call: ${messageOf(error)}\nThis is a fault in Plumb. Use another tool, or simpler input.`,
    );
  }
}

/** What a decision is bound to: the tool and exactly this input. Worked out anew when the call runs. */
export function inputHash(tool: string, input: unknown, { hash }: Pick<Ports, 'hash'>): string {
  return hash(stableJson([tool, input]));
}

function notThere(name: string, run: RunContext): string {
  const why = run.pool.absent.get(name);
  if (why) return `The tool ${name} is not available: ${why}.`;
  const more = run.pool.held.size > 0 ? ' find_tools loads more.' : '';
  return `There is no tool called ${name}. The tools are: ${namesLike(run.pool, name)}.${more}`;
}

/** A call in the place of another keeps its id; its tool, input, rules and card are those of the call that is meant. */
async function prepareOther(block: ToolUseBlock, { name, input }: Other, run: RunContext): Promise<Prepared> {
  const failed = (text: string): Prepared => ({ kind: 'failed', block, summary: { title: block.name, detail: name }, text });
  if (run.pool.tools.has(name)) return failed(`${name} is among your tools: call it by its name.`);
  if (!run.pool.held.has(name)) return failed(notThere(name, run));
  return prepare({ ...block, name, input }, run);
}
type Other = { readonly name: string; readonly input: Record<string, unknown> };

/** The definition of a tool that was called by its mere name. */
function unseen(tool: Tool, run: RunContext): string {
  return run.pool.held.has(tool.name) && !run.loaded().has(tool.name) ? `\n${definitionText(tool)}` : '';
}

const MARKED =
  'This call carries a redaction mark where a secret would have to stand, so it did not run: secrets are not shown to you. Let the command read the secret where it lies (a file, the environment), or ask the user. edit_file and write_file may carry the marks of the file that they change.';

export function toolContext(callId: string, run: RunContext, signal: AbortSignal): ToolContext {
  return {
    callId,
    session: run.session,
    signal,
    unasked: false,
    confined: false,
    ports: { ...run.ports, asker: toldAsker(run) },
    facts: run.facts(),
    settings: { shellTimeoutSeconds: run.settings.shellTimeoutSeconds },
    seen: (path) => run.state().seen.get(path),
    held: { tools: [...run.pool.held.values()], loaded: run.loaded },
    progress: (text) => run.emit({ type: 'delta', of: 'tool_output', of_id: callId, text }),
    tasks: () => run.state().tasks,
    setTasks: (tasks) => run.emit({ type: 'tasks_changed', tasks: [...tasks] }),
  };
}

/** Every question and its answer is an event, whoever answers. */
function toldAsker(run: RunContext): Asker {
  return {
    async ask(callId, questions, signal) {
      run.emit({ type: 'question_asked', callId, questions: [...questions] });
      const answers = await run.ports.asker.ask(callId, questions, signal);
      run.emit({ type: 'question_answered', callId, answers: [...(answers ?? [])] });
      return answers;
    },
  };
}
