import { BLOCKS_IN_A_ROW, BLOCKS_IN_ALL, type Denials } from '../../protocol/denials';
import type { Decider, Decision, Rule } from '../../protocol/permission';
import { BREAKERS } from '../breakers';
import { messageOf, ToolError } from '../errors';
import type { PermissionAnswer, PermissionAsk } from '../ports';
import type { SandboxState } from '../ports/shell';
import { type Ready, toolContext } from '../prepare';
import type { RunContext } from '../run-context';
import { stableJson } from '../stable';
import { notCovered } from './covered';
import { evaluate } from './evaluate';
import { parseRule } from './rules';
import type { Policy, Verdict } from './verdict';

export type Authorized =
  /** `asked`: a person allowed exactly this call. `confined`: it is to run in the sandbox. */
  | { readonly kind: 'go'; readonly asked?: true; readonly confined?: true }
  /** What the model is told instead of a result. */
  | { readonly kind: 'stop'; readonly outcome: 'denied' | 'cancelled' | 'error'; readonly text: string; readonly byPerson?: true };

/** What the rules say of this call now. Reads the rules afresh, so that a revoked one is gone at once. */
export async function judge(ready: Ready, run: RunContext): Promise<Verdict> {
  const call = { tool: ready.tool.name, callId: ready.block.id, inputHash: ready.inputHash };
  return evaluate(call, ready.assessment, await policyOf(run), run.ports.documents);
}

/** Whether the files of this call could be read without asking anybody. */
async function mayRead(ready: Ready, run: RunContext): Promise<boolean> {
  const { safety } = ready.assessment;
  const subjects = ready.assessment.subjects.map((subject) => ({
    ...subject,
    class: 'read_only' as const,
    touches: subject.touches.map(({ path }) => ({ path, access: 'read' as const })),
  }));
  const call = { tool: READING, callId: ready.block.id, inputHash: ready.inputHash };
  const verdict = await evaluate(call, { class: 'read_only', subjects, safety }, await policyOf(run), run.ports.documents);
  return verdict.verdict === 'allow';
}
const READING = 'read_file';

async function policyOf(run: RunContext): Promise<Policy> {
  const facts = run.facts();
  const paused = await pausedFor(run);
  return {
    mode: facts.mode,
    ...(paused === undefined ? {} : { paused }),
    rules: [...run.ports.rules.current(), ...run.state().rules],
    trusted: facts.trusted,
    roots: facts.roots,
    readable: [run.ports.store.spillFolder(run.session)],
  };
}

/** Why auto mode lets nothing pass just now, as a clause; undefined when it does. */
async function pausedFor(run: RunContext): Promise<string | undefined> {
  const { denials } = run.state();
  if (denials.paused !== null) return whyPaused(denials.paused);
  if (run.settings.sandbox !== 'required' || run.facts().mode !== 'auto') return undefined;
  const state = await sandboxOf(run);
  return state.ready ? undefined : `the sandbox that the settings require can not be had (${state.why})`;
}

async function sandboxOf({ ports }: RunContext): Promise<SandboxState> {
  return (await ports.shell?.sandbox?.()) ?? { ready: false, why: 'this host has none' };
}

/** What becomes of a command that nothing but the mode lets pass: into the sandbox where one is wanted and there. */
async function confinement(
  ready: Ready,
  run: RunContext,
  verdict: Verdict,
): Promise<{ readonly sandbox?: 'on' | 'missing'; readonly said: string }> {
  const wanted = run.settings.sandbox !== 'off' && ready.tool.name === 'shell' && verdict.verdict === 'allow' && verdict.byMode;
  if (!wanted) return { said: '' };
  const state = await sandboxOf(run);
  return state.ready
    ? { sandbox: 'on', said: ` It runs in a sandbox (${state.by}).` }
    : { sandbox: 'missing', said: ` It runs without a sandbox: ${state.why}.` };
}

/** Decides one call, asking a person where the rules do not: every decision is an event with its reason [P4]. */
export async function authorize(ready: Ready, run: RunContext, signal: AbortSignal, asking: (asked: boolean) => void): Promise<Authorized> {
  // As it is now: whoever is asked may answer in another mode.
  const { mode, cwd } = run.facts();
  const decided: Decide = (part) => noteDecision(ready, run, { mode, cwd, ...part });
  const verdict = await judge(ready, run);
  const uncovered = await notCovered(ready, verdict, run);
  if (uncovered) {
    decided({ verdict: 'deny', by: { kind: 'rule', rule: CREDENTIAL }, reason: uncovered });
    return { kind: 'stop', outcome: 'denied', text: uncovered };
  }
  if (verdict.verdict !== 'ask') {
    const { sandbox, said } = await confinement(ready, run, verdict);
    decided({ verdict: verdict.verdict, by: verdict.by, reason: `${verdict.reason}${said}`, ...(sandbox ? { sandbox } : {}) });
    return verdict.verdict === 'allow'
      ? { kind: 'go', ...(sandbox === 'on' ? { confined: true } : {}) }
      : { kind: 'stop', outcome: 'denied', text: verdict.reason };
  }
  let preview: PermissionAsk['preview'];
  try {
    preview = await ready.call.preview(toolContext(ready.block.id, run, signal));
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    // What is wrong with a call may quote the file: it is told at once only where nobody has to allow that.
    if (await mayRead(ready, run)) return { kind: 'stop', outcome: 'error', text: error.text };
  }
  const ask: PermissionAsk = {
    askId: `ask-${ready.block.id}`,
    callId: ready.block.id,
    tool: ready.tool.name,
    title: ready.summary.title,
    detail: ready.summary.detail,
    class: ready.assessment.class,
    risk: verdict.risk,
    why: verdict.why,
    parts: [...verdict.parts],
    touches: [...verdict.touches],
    preview,
    choices: [...verdict.choices],
    inputHash: ready.inputHash,
  };
  const shown = await targets(ready, run);
  asking(true);
  run.emit({ type: 'permission_asked', ...ask });
  const answer = await run.ports.approver.decide(ask, signal);
  asking(false);
  const settled = await settle(run, ask, answer, decided);
  if (settled.kind === 'go' && (await targets(ready, run)) !== shown) {
    return {
      kind: 'stop',
      outcome: 'denied',
      text: 'What this call points at changed while it was being approved (a link now leads elsewhere), so it did not run. Look again and send it anew.',
    };
  }
  return settled;
}

const CREDENTIAL: Rule = { effect: 'deny', rule: 'credential', source: 'policy' };

/** Where the call's paths really lead: what was shown must be what runs, so a link swapped meanwhile stops it. */
async function targets(ready: Ready, run: RunContext): Promise<string> {
  const paths = ready.assessment.subjects.flatMap((s) => s.touches.map((t) => t.path));
  // A path that cannot be resolved (a device, a network share) stands for the reason why: the ask has shown that.
  const { documents } = run.ports;
  return stableJson(await Promise.all(paths.map((path) => documents.resolve(path).then((resolved) => resolved.real, messageOf))));
}

async function settle(run: RunContext, ask: PermissionAsk, answer: PermissionAnswer, decided: Decide): Promise<Authorized> {
  const { choice, feedback } = answer;
  const record = (verdict: 'allow' | 'deny', by: Decider, reason: string, savedRules?: Rule[]) =>
    decided({ verdict, by, reason, askId: ask.askId, feedback, savedRules });
  switch (choice) {
    case 'cancel':
      record('deny', { kind: 'cancel' }, 'The run was stopped while this was asked.');
      return { kind: 'stop', outcome: 'cancelled', text: 'The user stopped the run before deciding on this call. It did not run.' };
    case 'nobody':
      record('deny', { kind: 'nobody' }, ask.why);
      return {
        kind: 'stop',
        outcome: 'denied',
        text: `Not allowed without a person's word, and nobody is there to ask: ${ask.why.replace(/\.$/, '')}. Find a way that needs no permission, or finish without it and say so.`,
      };
    case 'deny':
      record('deny', { kind: 'user', choice }, feedback ?? 'The user denied it.');
      return {
        kind: 'stop',
        outcome: 'denied',
        byPerson: true,
        text: feedback
          ? `The user denied this call and said: ${feedback}`
          : 'The user denied this call. Do not repeat it; go another way or ask what they want.',
      };
    case 'once':
      record('allow', { kind: 'user', choice }, 'Allowed once.');
      return { kind: 'go', asked: true };
    case 'session':
    case 'rule': {
      const rules = await save(ask, answer, choice, run);
      record(
        'allow',
        { kind: 'user', choice },
        rules.length > 0 ? `Allowed, and saved: ${rules.map((r) => r.rule).join(', ')}` : 'Allowed once: no rule could be saved.',
        rules,
      );
      return { kind: 'go', asked: true };
    }
    default:
      return choice satisfies never;
  }
}

/** The user may have edited the rules that the prompt showed; one that does not parse is not saved. */
async function save(ask: PermissionAsk, answer: PermissionAnswer, choice: 'session' | 'rule', run: RunContext): Promise<Rule[]> {
  const offered = ask.choices.find((c) => c.id === choice);
  if (!offered) return [];
  const wanted = (answer.rules ?? offered.rules).filter((rule) => parseRule(rule).ok);
  if (choice === 'session') return wanted.map((rule) => ({ effect: 'allow', rule, source: 'session' }));
  for (const rule of wanted) await run.ports.rules.save(rule);
  return wanted.map((rule) => ({ effect: 'allow', rule, source: 'user' }));
}

type Told = Pick<Decision, 'verdict' | 'by' | 'reason' | 'askId' | 'feedback' | 'savedRules' | 'sandbox'>;
type Decide = (told: Told) => void;

function noteDecision(ready: Ready, run: RunContext, told: Told & Pick<Decision, 'mode' | 'cwd'>): void {
  const before = run.state().denials.paused;
  run.emit({
    type: 'permission_decided',
    decision: {
      callId: ready.block.id,
      tool: ready.tool.name,
      inputHash: ready.inputHash,
      class: ready.assessment.class,
      handler: run.ports.approver.handler,
      ...told,
    },
  });
  const { paused } = run.state().denials;
  if (before !== null || paused === null) return;
  const detail = `Auto mode is paused and asks again, for ${whyPaused(paused)}.`;
  run.emit({ type: 'breaker_tripped', breaker: 'auto_mode', detail, next: BREAKERS.auto_mode.next });
}

/** As a clause: it stands behind *for*. */
export function whyPaused(paused: NonNullable<Denials['paused']>): string {
  return paused === 'in_a_row' ? `${BLOCKS_IN_A_ROW} calls in a row were blocked` : `${BLOCKS_IN_ALL} calls were blocked in all`;
}
