import { homedir } from 'node:os';
import { join } from 'node:path';
import { whoDecided } from '../core/observe/record-parts';
import { type AuditRecord, auditFilter, deciderName, decisionsIn, type PastDecision } from '../core/permission/audit';
import type { Store } from '../core/ports/store';
import { systemClock } from '../node/clock';
import { createStore } from '../node/store';
import type { AuditArgs } from './audit-args';
import { replayDecisions } from './audit-replay';
import { Failure } from './failure';
import { printable } from './output';
import { readSettings } from './settings';
import { storageIn } from './storage';

type Say = (text: string) => void;

/** Prints the decisions that match, or what today's rules say of them. Gives the exit code. @throws Failure, StoreError */
export async function audit(args: AuditArgs, out: Say, warn: Say): Promise<number> {
  const { settings, warnings } = await readSettings(join(homedir(), '.plumb', 'settings.json'));
  const store = createStore({ folder: storageIn(args.storage ?? settings.storagePath), clock: systemClock });
  const found = await decisionsOf(store, args, warn);
  if (args.replay) {
    for (const warning of warnings) warn(warning);
    await replayDecisions(found, { replay: args.replay, settings, store, json: args.json }, out, warn);
  } else for (const { record } of found) out(`${args.json ? JSON.stringify(objectOf(record)) : lineOf(record)}\n`);
  return 0;
}

/** Of all sessions that are there, oldest first. A log that cannot be read is named and left out. */
async function decisionsOf(store: Store, { filter, session }: AuditArgs, warn: Say): Promise<readonly PastDecision[]> {
  const sessions = (await store.list()).filter(({ id }) => session === undefined || id.startsWith(session));
  if (session !== undefined && sessions.length === 0)
    throw new Failure(2, `There is no session ${session}.`, 'Leave --session out for the decisions of all of them.');
  const wanted = auditFilter(filter);
  const found: PastDecision[] = [];
  for (const { id, state, updatedAt } of sessions) {
    if (state === 'damaged') warn(`session ${id} can not be read and is left out`);
    else if (filter.since === undefined || updatedAt >= filter.since) {
      const { events, damage } = await store.read(id);
      if (damage.length > 0) warn(`the log of session ${id} is damaged or was changed: decisions may be missing`);
      found.push(...decisionsIn(events).filter(({ record }) => wanted(record)));
    }
  }
  return found.sort((a, b) => a.record.at - b.record.at || a.record.session.localeCompare(b.record.session));
}

/** The record with the names that it is known by outside of the log. */
function objectOf(record: AuditRecord): Readonly<Record<string, unknown>> {
  const { id, at, session, agent, turn, callId, tool, title, detail, inputHash, mode, by, handler, verdict, outcome, reason } = record;
  return {
    ...{ id, time: new Date(at).toISOString(), session, agent, turn, call: callId, tool, title, detail, inputHash },
    ...{ class: record.class, mode, by: by.kind, rule: deciderName(by), origin: by.kind === 'rule' ? by.rule.source : null },
    ...{
      choice: by.kind === 'user' ? by.choice : null,
      asked: record.askId !== undefined,
      sandbox: record.sandbox ?? null,
      handler,
      verdict,
      outcome,
      reason,
    },
    ...{ feedback: record.feedback, saved: record.savedRules?.map(({ rule, source }) => ({ rule, origin: source })) },
  };
}

function lineOf(record: AuditRecord): string {
  const { at, session, agent, turn, verdict, outcome, by } = record;
  const ids = [session.slice(0, 8), ...(agent === 'main' ? [] : [agent]), ...(turn === undefined ? [] : [turn])].join(' ');
  const saved = record.savedRules?.length ? `, saved ${record.savedRules.map(({ rule }) => rule).join(', ')}` : '';
  const time = new Date(at).toISOString();
  return `${time} [${ids}] ${verdict.padEnd(5)} ${outcome.padEnd(9)} ${printable(`${record.tool}: ${record.detail}`)} (by ${whoDecided(by)}${saved})`;
}
