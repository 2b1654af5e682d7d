import * as vscode from 'vscode';
import type { Session } from '../core/session';
import { cannotRaise, LIMIT, type LimitHit, type LimitUnit, leastLimit, offeredLimit } from '../protocol/limits';

/** Asks how far the limit that stopped the session may rise, and goes on with it. */
export async function raiseLimit(session: Session): Promise<void> {
  const hit = session.state().end?.limit;
  if (!hit) return void vscode.window.showInformationMessage(noLimit());
  const to = hit.next === null ? await lift(hit) : await askFor(hit);
  if (to === undefined) return;
  if (!session.raiseLimit(to)) void vscode.window.showInformationMessage(noLimit());
}

export function noLimit(): string {
  return vscode.l10n.t('No run of this session waits at a limit.');
}

async function askFor(hit: LimitHit): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Plumb: Raise limit and continue'),
    prompt: promptOf(LIMIT[hit.name].unit),
    value: String(offeredLimit(hit)),
    validateInput: (typed) => problemWith(hit, typed),
  });
  return text === undefined ? undefined : numberIn(text);
}

/** What no amount can hold, because the price is not known, can only be done without. */
async function lift(hit: LimitHit): Promise<null | undefined> {
  const go = vscode.l10n.t('Go on without it');
  const text =
    LIMIT[hit.name].of === 'run'
      ? vscode.l10n.t('The price of the model is not known. Go on without a limit of money for this run?')
      : vscode.l10n.t('The price of the model is not known. Go on without a limit of money for this session?');
  return (await vscode.window.showWarningMessage(text, { modal: true }, go)) === go ? null : undefined;
}

function promptOf(unit: LimitUnit): string {
  switch (unit) {
    case 'turns':
      return vscode.l10n.t('New limit, in turns');
    case 'tokens':
      return vscode.l10n.t('New limit, in tokens');
    case 'dollars':
      return vscode.l10n.t('New limit, in US dollars');
    default:
      return unit satisfies never;
  }
}

function problemWith(hit: LimitHit, typed: string): string | undefined {
  const problem = cannotRaise(hit, numberIn(typed));
  switch (problem) {
    case null:
      return undefined;
    case 'no_number':
      return vscode.l10n.t('Type a number.');
    case 'too_low':
      return vscode.l10n.t('The next request needs at least {0}.', leastLimit(hit));
    case 'too_high':
      return vscode.l10n.t('That is more than Plumb takes for a limit.');
    default:
      return problem satisfies never;
  }
}

function numberIn(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text.trim().replace(/^\$/, ''));
}
