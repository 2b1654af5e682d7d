import type { Problem } from '../../protocol/display';

/** A problem with the text of its line: what stays the same when lines above it come and go. */
export type Located = Problem & { readonly lineText: string };

const RANK: Readonly<Record<Problem['severity'], number>> = { error: 0, warning: 1, info: 2, hint: 3 };

function keyOf(p: Located): string {
  return JSON.stringify([p.path, p.severity, p.source ?? '', p.code ?? '', p.message, p.lineText.trim()]);
}

/**
 * What is new and how many are gone, each counted as often as it occurs. Positions are left out on purpose: a line
 * added at the top must not make every old problem look new.
 */
export function compareProblems(before: readonly Located[], now: readonly Located[]): { added: Located[]; fixed: number } {
  const left = new Map<string, number>();
  for (const problem of before) left.set(keyOf(problem), (left.get(keyOf(problem)) ?? 0) + 1);
  const added: Located[] = [];
  for (const problem of now) {
    const count = left.get(keyOf(problem)) ?? 0;
    if (count > 0) left.set(keyOf(problem), count - 1);
    else added.push(problem);
  }
  return { added, fixed: [...left.values()].reduce((sum, count) => sum + count, 0) };
}

/** Errors first, then by place. */
export function bySeverity(a: Problem, b: Problem): number {
  return RANK[a.severity] - RANK[b.severity] || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line || a.column - b.column);
}

/**
 * For a file whose problems were not known before the edit: those on lines that stood in it already are not blamed
 * on the edit.
 */
export function onNewLines(problems: readonly Located[], textBefore: string): Located[] {
  const old = new Set(textBefore.split(/\r\n|\r|\n/).map((line) => line.trim()));
  return problems.filter((p) => !old.has(p.lineText.trim()));
}
