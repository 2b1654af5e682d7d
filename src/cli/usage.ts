import { parseRule } from '../core/permission/rules';

/** A command line that cannot be meant: told with what would be right. */
export class UsageError extends Error {}

/** The value when it is one of those that there are. @throws UsageError */
export function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new UsageError(`${flag} is ${JSON.stringify(value)}; it can be ${allowed.join(', ')}.`);
  return found;
}

/** Rules of a flag, as they were written. @throws UsageError for one that means nothing */
export function rules(flag: string, values: readonly string[] | undefined): readonly string[] {
  for (const value of values ?? []) {
    const parsed = parseRule(value);
    if (!parsed.ok) throw new UsageError(`${flag} ${JSON.stringify(value)} is no rule. ${parsed.problem}`);
  }
  return values ?? [];
}

/** A value that was given and left empty is a slip. @throws UsageError */
export function filled(flag: string, text: string | undefined): string | undefined {
  if (text?.trim() === '') throw new UsageError(`${flag} is empty.`);
  return text;
}

/** What node's own reading of a command line throws. */
export function isParseError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
