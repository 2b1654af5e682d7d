import type { Word } from './tokenize';

/** A `find` expression without what it runs, and the commands that it runs on each file; undefined when they cannot be told apart. */
export type FindExec = { readonly rest: readonly Word[]; readonly commands: readonly (readonly Word[])[] };

/** Takes `-exec … {} ;` and `-exec … {} +` out of an expression. The file found stands as `./{}`. */
export function splitExec(words: readonly Word[]): FindExec | undefined {
  const rest: Word[] = [];
  const commands: Word[][] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (!word) break;
    if (/^-(?:execdir|ok|okdir)$/.test(word.value)) return undefined;
    if (word.value !== '-exec') {
      rest.push(word);
      continue;
    }
    const end = words.findIndex((one, at) => at > i && (one.value === ';' || (one.value === '+' && words[at - 1]?.value === '{}')));
    if (end < 0) return undefined;
    const inner = words.slice(i + 1, end);
    if (inner.some((one) => one.value.includes('{}') && one.value !== '{}')) return undefined;
    commands.push(inner.map((one) => (one.value === '{}' ? { ...one, value: './{}' } : one)));
    i = end;
  }
  return { rest, commands };
}
