import { messageOf, ToolError } from '../core/errors';
import type { PastDecision } from '../core/permission/audit';
import { whyPaused } from '../core/permission/authorize';
import { evaluate } from '../core/permission/evaluate';
import type { Policy, Verdict } from '../core/permission/verdict';
import type { Documents } from '../core/ports';
import type { Store } from '../core/ports/store';
import { stableJson } from '../core/stable';
import { FAIL_CLOSED } from '../core/tool';
import { createDocuments } from '../node/documents';
import { sha256 } from '../node/hash';
import type { Settings } from '../protocol/settings';
import type { Replay } from './audit-args';
import { createJudge, type Judge, ruleOf, whyOf } from './judge-call';
import { printable } from './output';
import { rulesOf } from './settings';

type Given = { readonly replay: Replay; readonly settings: Settings; readonly store: Store; readonly json: boolean };
type Answer = Verdict['verdict'];
type Replayed =
  | { readonly now: Answer; readonly rule: string | null; readonly why: string; readonly exact: boolean }
  | { readonly now: null; readonly why: string };

/** Judges each call again by the rules as they are now, and prints those that would be answered otherwise. Runs nothing. */
export async function replayDecisions(
  past: readonly PastDecision[],
  given: Given,
  out: (text: string) => void,
  note: (text: string) => void,
): Promise<void> {
  const judge = createJudge(given.settings);
  const rules = rulesOf(given.settings, given.replay).current();
  const documentsOf = memo((roots: readonly string[]) => createDocuments({ roots }));
  const count = { other: 0, not: 0 };
  for (const one of past) {
    const policy: Policy = {
      mode: given.replay.mode ?? one.record.mode,
      rules: [...rules, ...one.rules],
      ...(one.paused === null ? {} : { paused: whyPaused(one.paused) }),
      trusted: one.trusted,
      roots: one.roots,
      readable: [given.store.spillFolder(one.record.session)],
    };
    const replayed = await judgeAgain(one, policy, documentsOf(one.roots), judge);
    const other = replayed.now !== null && replayed.now !== thenOf(one);
    if (other) count.other++;
    if (replayed.now === null) count.not++;
    if (other || given.replay.all) out(`${given.json ? JSON.stringify(objectOf(one, replayed)) : lineOf(one, replayed)}\n`);
  }
  await judge.close();
  const left = count.not > 0 ? `; ${count.not} could not be judged${given.replay.all ? '' : ', --all shows them'}` : '';
  note(`${past.length} decisions, ${count.other} would be answered otherwise${left}`);
}

/** What the rules said then: a person was only asked where they said so. */
function thenOf({ record }: PastDecision): Answer {
  return record.askId === undefined ? record.verdict : 'ask';
}

async function judgeAgain(one: PastDecision, policy: Policy, documents: Documents, judge: Judge): Promise<Replayed> {
  const { record, call } = one;
  if (/^(?:mcp|ext)__/.test(record.tool)) {
    const verdict = await evaluate(record, broughtCall(one), policy, documents);
    return { now: verdict.verdict, rule: ruleOf(verdict), why: whyOf(verdict), exact: true };
  }
  if (!call) return { now: null, why: 'the log does not hold what it was called with' };
  try {
    const place = { cwd: one.cwd ?? policy.roots[0] ?? '/', documents };
    const { tool, verdict, input } = await judge.judge({ tool: call.name, input: call.input }, policy, place);
    const exact = sha256(stableJson([tool, input])) === record.inputHash;
    return { now: verdict.verdict, rule: ruleOf(verdict), why: whyOf(verdict), exact };
  } catch (error) {
    // Its tool is gone, or takes other input now: such a call would not get so far as to be judged.
    return { now: null, why: error instanceof ToolError ? error.message : messageOf(error) };
  }
}

/** A tool that others brought is judged by its name and the class that it had. */
function broughtCall({ record }: PastDecision) {
  const subject = { text: record.detail, class: record.class, why: record.tool, touches: [] };
  return { class: record.class, subjects: [subject], safety: FAIL_CLOSED };
}

function objectOf(one: PastDecision, replayed: Replayed): Readonly<Record<string, unknown>> {
  const { id, at, session, callId, tool, detail, inputHash, verdict, mode } = one.record;
  return {
    ...{ id, time: new Date(at).toISOString(), session, call: callId, tool, detail, inputHash, mode, verdict },
    ...{ before: thenOf(one), ...replayed },
  };
}

function lineOf(one: PastDecision, replayed: Replayed): string {
  const { at, session, verdict } = one.record;
  const then = thenOf(one);
  const was = then === 'ask' ? `ask (${verdict === 'allow' ? 'allowed' : 'denied'})` : then;
  const now = replayed.now ?? 'not judged';
  const rule = replayed.now !== null && replayed.rule !== null ? ` [${replayed.rule}]` : '';
  const doubt = replayed.now !== null && !replayed.exact ? ' (judged without the secrets that the log left out)' : '';
  const time = new Date(at).toISOString();
  return `${time} [${session.slice(0, 8)}] ${was} -> ${now}  ${printable(`${one.record.tool}: ${one.record.detail}`)}: ${replayed.why}${rule}${doubt}`;
}

function memo(make: (roots: readonly string[]) => Documents): (roots: readonly string[]) => Documents {
  const made = new Map<string, Documents>();
  return (roots) => {
    const key = JSON.stringify(roots);
    const known = made.get(key) ?? make(roots);
    made.set(key, known);
    return known;
  };
}
