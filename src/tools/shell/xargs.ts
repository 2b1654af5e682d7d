import type { Touch } from '../../core/tool';
import { readOnly } from './readonly';
import type { Scene } from './scene';
import { readArgs } from './table';
import type { Word } from './tokenize';

const OPTIONS = {
  does: 'runs another command',
  flags: '-0 -r -t -n: -L: -P: -I: -d: -s: -x --null --no-run-if-empty --max-args= --max-procs= --max-lines= --delimiter=',
};
const FILTERS = /^(?:head|tail|sort|uniq|grep|egrep|fgrep|tac)$/;

/**
 * `xargs` only reads when the command that it runs does so whatever option a file name may look like, and when the names
 * come from a program that lists files of this folder.
 */
export async function xargsReads(
  words: readonly Word[],
  scene: Scene,
): Promise<{ readonly does: string; readonly touches: readonly Touch[] } | undefined> {
  const options = readArgs(OPTIONS, words.slice(1), true);
  if (!options.ok) return undefined;
  const inner = await readOnly(words.slice(1 + (options.used ?? 0)), scene);
  if (!inner.ok || !inner.spec.tame) return undefined;
  const [source, ...filters] = scene.pipe;
  if (!source || !(await listsFiles(source.words, scene))) return undefined;
  for (const filter of filters) if (!(await onlyFilters(filter.words, scene))) return undefined;
  return { does: `${inner.does} that the command before it lists`, touches: inner.touches };
}

/** Passes on lines of what it is fed, and reads no file of its own in place of that. */
async function onlyFilters(words: readonly Word[], scene: Scene): Promise<boolean> {
  const judged = await readOnly(words, scene);
  return FILTERS.test(words[0]?.value ?? '') && judged.ok && judged.touches.length === 0;
}

async function listsFiles(words: readonly Word[], scene: Scene): Promise<boolean> {
  const judged = await readOnly(words, scene);
  if (!judged.ok) return false;
  if (judged.spec.lists) return true;
  const values = words.map((word) => word.value);
  if (/^(?:rg|grep|egrep|fgrep)$/.test(values[0] ?? ''))
    return values.some((value) => /^-\w*l\w*$|^--files(?:-with(?:out)?-match(?:es)?)?$/.test(value));
  return values[0] === 'git' && values.includes('--name-only');
}
