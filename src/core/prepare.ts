import type { ToolUseBlock } from '../protocol/blocks';
import { isAbort, messageOf, ToolError } from './errors';
import type { Asker } from './ports';
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
  const tool = run.pool.tools.get(block.name);
  if (!tool) {
    const why = run.pool.absent.get(block.name);
    return failed(
      why
        ? `The tool ${block.name} is not available: ${why}.`
        : `There is no tool called ${block.name}. The tools are: ${namesLike(run.pool, block.name)}.`,
    );
  }
  if (block.malformed !== undefined) {
    return failed(
      `The input of ${block.name} was not a JSON object: ${block.malformed.slice(0, 200)}\nSend the call again with valid JSON that fits the schema.`,
    );
  }
  try {
    const call = tool.parse(block.input);
    const assessment = await call.assess({ ports: run.ports, facts: run.facts() });
    const inputHash = run.ports.hash(stableJson([block.name, call.input]));
    return { kind: 'ready', block, tool, call, summary: call.summarize(), assessment, inputHash };
  } catch (error) {
    if (error instanceof ToolError) return failed(error.text);
    if (isAbort(error)) return failed('The user stopped this call before it ran.');
    return failed(
      `${block.name} could not judge this call: ${messageOf(error)}\nThis is a fault in Plumb. Use another tool, or simpler input.`,
    );
  }
}

export function toolContext(callId: string, run: RunContext, signal: AbortSignal): ToolContext {
  return {
    callId,
    session: run.session,
    signal,
    ports: { ...run.ports, asker: toldAsker(run) },
    facts: run.facts(),
    settings: { shellTimeoutSeconds: run.settings.shellTimeoutSeconds },
    seen: (path) => run.state().seen.get(path),
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
