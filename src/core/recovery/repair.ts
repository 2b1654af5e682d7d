import type { UnknownEffect } from '../../protocol/event-parts';
import type { EventOf } from '../../protocol/events';
import type { StopReason } from '../../protocol/workflow';
import { blackBox } from '../black-box';
import type { SessionState } from '../fold';
import type { Journal } from '../journal';
import { nextAfter } from '../stops';
import { type Fate, fateOf, type World } from './reconcile';

/**
 * A session that was cut off in the middle of a run is brought to a state that can be gone on from [W4, E2]: effects
 * that were announced and not finished get the outcome that the files tell, or *unknown* (unless doing them twice does
 * no harm), the log gets the last word that the run could not write. Calls that had not begun stay open; they run when
 * the user continues.
 */
export async function repair(journal: Journal, world: World): Promise<void> {
  const state = journal.state();
  if (!state.open) return;
  if (state.workflow.at === 'ended') {
    lastWord(journal, state.workflow.reason);
    return;
  }
  if (hadItsAnswer(journal)) {
    journal.emit({ type: 'state_changed', workflow: { at: 'ended', reason: 'done' } });
    lastWord(journal, 'done');
    return;
  }
  const unknown: UnknownEffect[] = [];
  for (const [callId, intent] of state.intended) {
    if (intent.retrySafe) continue;
    const fate = await fateOf(intent, world);
    const finish = toldBy(fate, state, intent);
    if (!finish) continue;
    if (fate.is === 'unknown') unknown.push({ callId, tool: intent.tool, known: fate.known });
    journal.emit({ type: 'tool_finished', callId, tool: intent.tool, ms: 0, ...finish });
  }
  const last = state.pending.at(-1)?.name;
  const box = blackBox(state, journal.events(), undefined);
  journal.emit({ type: 'state_changed', workflow: { at: 'interrupted', unknown: unknown.map(({ callId }) => callId) } });
  journal.emit({
    type: 'run_ended',
    reason: 'failed',
    error: 'interrupted',
    detail: `Plumb was stopped while ${phase(state)}${last ? `; the last call was ${last}` : ''}.${unknown.length > 0 ? ' Whether what was cut off took effect is not known.' : ''}`,
    next: nextStep(state, unknown.length > 0),
    retryable: true,
    ...(unknown.length > 0 ? { unknown } : {}),
    ...box,
    ...(last ? { lastTool: last } : {}),
  });
}

/** The model had said its last word of the run, and nobody anything since. */
function hadItsAnswer(journal: Journal): boolean {
  if (journal.state().queue.length > 0 || journal.history.messages().at(-1)?.role !== 'assistant') return false;
  const last = journal.events().findLast((event) => event.type === 'assistant_message');
  if (!last || last.partial || last.blocks.some((block) => block.type === 'tool_use')) return false;
  const next = nextAfter(last.stop, [], undefined);
  return next.kind === 'stop' && next.stop.reason === 'done';
}

/** The run had ended when the process died; only its last event is missing. */
function lastWord(journal: Journal, reason: StopReason): void {
  const box = blackBox(journal.state(), journal.events(), undefined);
  if (reason === 'done') {
    journal.emit({ type: 'run_ended', reason, detail: '', retryable: false, error: 'interrupted', ...box });
    return;
  }
  const detail = 'Plumb was stopped before it could note why the run ended.';
  journal.emit({ type: 'run_ended', reason, detail, next: 'Continue to go on where it stood.', retryable: true, ...box });
}

/** True when nothing had begun that could be half done: only a question or a permission was open. */
export function waitsForPerson(state: SessionState): boolean {
  return state.open && state.intended.size === 0 && state.asks.length + state.questions.length > 0;
}

/** Before the user says something new, calls that will not run any more get their result. */
export function closePending(journal: Journal): void {
  const text = 'Interrupted: this call did not run, and the user has said something new.';
  for (const call of journal.state().pending) {
    journal.emit({
      type: 'tool_finished',
      callId: call.id,
      tool: call.name,
      outcome: 'cancelled',
      output: [{ type: 'text', text }],
      summary: 'Interrupted: did not run',
      ms: 0,
    });
  }
}

type Finish = Pick<EventOf<'tool_finished'>, 'outcome' | 'output' | 'summary' | 'files'>;

/** The result that an effect gets at a restart; null when it had not begun and simply runs. */
function toldBy(fate: Fate, state: SessionState, intent: EventOf<'effect_intended'>): Finish | null {
  switch (fate.is) {
    case 'did_not_happen':
      return null;
    case 'happened':
      return done(state, intent);
    case 'ended':
      return ended(fate.code, intent);
    case 'unknown':
      return notKnown(fate.known, intent);
    default:
      return fate satisfies never;
  }
}

/** The command lived longer than we did, and left its exit code. What it printed went nowhere. */
function ended(code: number, { tool }: EventOf<'effect_intended'>): Finish {
  const pipe = code === SIGPIPE ? ' That code means that it was ended because nobody read its output any more.' : '';
  const text = `Plumb was stopped while ${tool} ran. The command came to its end by itself, with exit code ${code}; what it printed is lost.${pipe} Look at what it did before you run it again.`;
  return {
    outcome: code === 0 ? 'ok' : 'error',
    output: [{ type: 'text', text }],
    summary: `Exit ${code}, after Plumb was stopped`,
  };
}

const SIGPIPE = 128 + 13;

function notKnown(known: string, { tool }: EventOf<'effect_intended'>): Finish {
  const text = `Interrupted: Plumb was stopped while ${tool} ran. Whether it took effect is not known. ${known} Look before you repeat it.`;
  return { outcome: 'unknown', output: [{ type: 'text', text }], summary: 'Interrupted: outcome unknown' };
}

/** The model knows of a file what it knew before, and its own change. */
function done(state: SessionState, { tool, preimages, postimages = {} }: EventOf<'effect_intended'>): Finish {
  const known = (path: string) => preimages[path] === null || state.seen.get(path) === preimages[path];
  const files = Object.entries(postimages).flatMap(([path, hash]) => (hash === null || known(path) ? [[path, hash ?? ''] as const] : []));
  const text = `Plumb was stopped while ${tool} ran, before it could note the result. The files show that it took effect.`;
  return {
    outcome: 'ok',
    output: [{ type: 'text', text }],
    summary: 'Took effect before Plumb was stopped',
    files: Object.fromEntries(files),
  };
}

function phase({ asks, questions, workflow }: SessionState): string {
  if (asks.length + questions.length > 0) return 'it waited for your answer';
  if (workflow.at === 'acting') return 'a tool ran';
  if (workflow.at === 'checking') return 'it looked for problems';
  return workflow.at === 'retrying' ? 'it waited to try the model again' : 'the model answered';
}

function nextStep({ asks, questions }: SessionState, unknown: boolean): string {
  if (unknown) return 'Look whether it did, and say so, or continue without knowing.';
  return asks.length + questions.length > 0 ? 'Continue to be asked again.' : 'Continue to go on where it stood.';
}
