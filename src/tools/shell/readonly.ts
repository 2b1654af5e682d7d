import { guardRead } from '../../core/permission/protected';
import type { Touch } from '../../core/tool';
import { secretsBelow } from './below';
import { splitExec } from './find-exec';
import { isHelp } from './help';
import { programNamed } from './programs';
import { pathsOf, type Scene, touchesOf } from './scene';
import { type Operands, type ParsedArgs, readArgs, type Spec } from './table';
import type { Word } from './tokenize';

export type ReadOnly =
  | { readonly ok: true; readonly does: string; readonly touches: readonly Touch[]; readonly spec: Spec }
  | { readonly ok: false; readonly why: string };

/** Is this command proved to only read? Everything that the tables do not know is not [B1: the read-only table]. */
export async function readOnly(words: readonly Word[], scene: Scene): Promise<ReadOnly> {
  const [program, ...rest] = words;
  if (!program) return no('It names no program.');
  const name = programName(program);
  const spec = name === undefined ? undefined : programNamed(name);
  if (!spec || name === undefined || (spec.zsh && scene.shell !== 'zsh'))
    return no(name === undefined ? `It runs the file ${program.value}.` : `It runs ${program.value}, which is not known to only read.`);
  if (name === '[' && rest.at(-1)?.value !== ']') return no('Its closing bracket is missing.');
  // By its name alone Git is the one that leaves out what the repository's settings would have it run.
  if (name === 'git' && program.value !== 'git') return no('It runs Git by its path.');
  if (isHelp(name, rest)) return yes({ does: 'prints help' }, 'prints help', []);
  if (name === 'find' && rest.some((word) => word.value === '-exec')) return findExec(spec, rest, scene);
  return spec.sub ? withVerb(name, spec, rest, scene) : bySpec(spec, rest, scene);
}

/** The table's name for a program: by its bare name, or from a folder of the system. Quoted names are not looked up. */
function programName(word: Word): string | undefined {
  if (word.quoted) return undefined;
  const bare = /^(?:\/usr)?(?:\/local)?\/bin\/([^/]+)$/.exec(word.value)?.[1] ?? word.value;
  return bare.includes('/') ? undefined : bare;
}

async function withVerb(name: string, spec: Spec, words: readonly Word[], scene: Scene): Promise<ReadOnly> {
  const globals = readArgs(spec, words, true);
  if (!globals.ok) return globals;
  const rest = words.slice(globals.used ?? 0);
  const folder = globals.args.flags.filter((flag) => flag.name === spec.folderFlag).flatMap((flag) => flag.values);
  if (rest.length === 0)
    return globals.args.flags.length > folder.length ? yes(spec, 'prints its version', []) : no(`${name} is given no verb.`);
  const refused = spec.check?.(globals.args);
  if (refused) return no(refused);
  const [length, verb] = verbOf(spec, rest);
  if (!verb || rest.slice(0, length).some((word) => word.quoted)) return no(`${name} ${rest[0]?.value} is not known to only read.`);
  let { cwds } = scene;
  for (const to of folder) cwds = pathsOf(to, false, { ...scene, cwds });
  const moved: Scene = { ...scene, cwds };
  const judged = await bySpec(verb, rest.slice(length), moved);
  if (!judged.ok || folder.length === 0) return judged;
  return { ...judged, touches: [...moved.cwds.map((path): Touch => ({ path, access: 'read' })), ...judged.touches] };
}

/** `find -exec` only reads where each command that it runs does, whatever the files are called. */
async function findExec(spec: Spec, words: readonly Word[], scene: Scene): Promise<ReadOnly> {
  const parts = splitExec(words);
  if (!parts) return no('It runs a command on every file that it finds.');
  const listed = await bySpec(spec, parts.rest, scene);
  if (!listed.ok) return listed;
  const touches: Touch[] = [];
  let prints = false;
  for (const command of parts.commands) {
    const inner = await readOnly(command, scene);
    if (!inner.ok) return inner;
    const names = inner.spec.names === true;
    if (!inner.spec.tame || !(names || namesHarmless(parts.rest))) return no('It runs a command on every file that it finds.');
    prints ||= !names;
    touches.push(...inner.touches.filter(({ path }) => !path.endsWith('/{}')));
  }
  // What is found below the start paths is printed, not only named.
  touches.push(...listed.touches.map(({ names: _names, ...touch }): Touch => (prints ? touch : { ...touch, names: true })));
  return yes(spec, 'reads files that match', touches);
}

/** What is printed of the files found is not likely to be a secret: their names are told, and they are no names of secrets. */
function namesHarmless(words: readonly Word[]): boolean {
  const asked = words.filter((_, i) => /^-i?name$/.test(words[i - 1]?.value ?? '')).map((word) => word.value);
  return asked.length > 0 && asked.every((name) => /[A-Za-z]{2}/.test(name) && guardRead(name.replaceAll('*', 'x')) === undefined);
}

const LONGEST_VERB = 4;

/** The subcommand of the most words that the table has. */
function verbOf(spec: Spec, words: readonly Word[]): readonly [number, Spec | undefined] {
  const texts = words.map((word) => word.value);
  for (let length = Math.min(LONGEST_VERB, words.length); length > 0; length--) {
    const found = own(spec.sub, texts.slice(0, length).join(' '));
    if (found) return [length, found];
    if (length === 2 && spec.verb?.shape.test(texts.slice(0, 2).join(' '))) return [2, spec.verb.spec];
  }
  return [0, undefined];
}

async function bySpec(spec: Spec, given: readonly Word[], scene: Scene): Promise<ReadOnly> {
  const words = spec.words ? spec.words(given) : given;
  if (!spec.expands && words.some((word) => word.variable)) return no('It uses a variable, whose value is known only when it runs.');
  const read = readArgs(spec, words);
  if (!read.ok) return read;
  const { args } = read;
  const kind = spec.operands ?? 'none';
  const count = args.operands.length;
  if (kind === 'none' && count > 0) return no(`It takes ${args.operands[0]?.value}, and with that it may do more than read.`);
  if (count > (spec.most ?? Number.POSITIVE_INFINITY)) return no('It takes one operand too many: the last could be written.');
  if (count < (spec.least ?? 0)) return no('An operand is missing.');
  const why = spec.check?.(args);
  if (why) return no(why);
  const paths = pathOperands(spec, args);
  if (paths.some((word) => word.status)) return no('A path is known only when it runs.');
  const seen = await Promise.all(paths.map((word) => touchesOf(word, 'read', scene)));
  const named = spec.names ? seen.map((touches) => touches.map((touch): Touch => ({ ...touch, names: true }))) : seen;
  const flagged = args.flagPaths.flatMap((value) => pathsOf(value, false, scene)).map((path): Touch => ({ path, access: 'read' }));
  const descent = spec.descends?.(args);
  const folders = paths.length > 0 ? named.flat().map(({ path }) => path) : scene.cwds;
  const secrets = descent ? await secretsBelow(folders, descent, scene) : [];
  return yes(spec, spec.does, [...named.flat(), ...flagged, ...secrets]);
}

/** Shows names and facts of files only, whatever its arguments. */
export function showsNames(words: readonly Word[]): boolean {
  const name = words[0] && programName(words[0]);
  return name !== undefined && programNamed(name)?.names === true;
}

function pathOperands(spec: Spec, args: ParsedArgs): readonly Word[] {
  const kind: Operands = spec.operands ?? 'none';
  switch (kind) {
    case 'none':
    case 'text':
      return [];
    case 'paths':
      return args.operands.filter((word) => word.value !== '-');
    case 'find':
      return args.operands.filter((word) => !/^[()!,]$/.test(word.value));
    case 'pattern': {
      const given = spec.patternFlags ?? ['-e', '--regexp', '--expression'];
      const isGiven = args.flags.some((flag) => given.includes(flag.name));
      return (isGiven ? args.operands : args.operands.slice(1)).filter((word) => word.value !== '-');
    }
    case 'refs':
      return args.operands.filter((word) => word.tilde || /^(?:[\\/]|[A-Za-z]:[\\/])|(?:^|\/)\.\.(?:\/|$)/.test(word.value));
    default:
      return kind satisfies never;
  }
}

function own(table: Readonly<Record<string, Spec>> | undefined, key: string): Spec | undefined {
  return table && Object.hasOwn(table, key) ? table[key] : undefined;
}

function yes(spec: Spec, does: string, touches: readonly Touch[]): ReadOnly {
  return { ok: true, does, touches, spec };
}

function no(why: string): { readonly ok: false; readonly why: string } {
  return { ok: false, why };
}
