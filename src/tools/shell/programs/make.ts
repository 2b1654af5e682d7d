import type { ParsedArgs, Spec } from '../table';

/** Entries of the tables that many programs share. */

export function version(flags = '--version -v -V -version'): Spec {
  return {
    does: 'prints its version',
    flags,
    check: (call) => (call.flags.length > 0 ? undefined : 'Without an option it does more than print its version.'),
  };
}

/** The same reading use under several verbs. */
export function verbs(does: string, flags: string, names: readonly string[], more?: Partial<Spec>): Record<string, Spec> {
  return Object.fromEntries(names.map((name): [string, Spec] => [name, { does, operands: 'text', flags, ...more }]));
}

/** It reads only when one of these options says so. */
export function onlyWith(why: string, ...names: readonly string[]): NonNullable<Spec['check']> {
  return (call) => (call.flags.some((flag) => names.includes(flag.name)) ? undefined : why);
}

/** Operands that are names, and nothing that a program could take for a file, an address or an option. */
export function plainNames(call: ParsedArgs): string | undefined {
  const odd = call.operands.find((word) => !/^[A-Za-z0-9_][\w.+@:-]*$/.test(word.value));
  return odd ? `${odd.value} is not a plain name.` : undefined;
}
