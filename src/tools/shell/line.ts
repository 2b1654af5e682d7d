import type { ShellKind } from '../../core/ports/shell';
import type { Subject, Touch } from '../../core/tool';
import { judgeCommand } from './command';
import type { Grammar } from './grammar';
import { showsNames } from './readonly';
import { scan } from './scan';
import { pathsOf, realOf, type Scene } from './scene';
import { type SimpleCommand, split } from './split';
import { hiddenCharacter } from './unicode';
import { stripWrappers } from './wrappers';

const LONGEST = 10_000;
const MOST_SHOWN = 50;

/** Judges a line of bash, zsh or sh: each simple command for itself, or the whole as unread with the reason [B2, B3]. */
export async function judgeLine(source: string, shell: ShellKind, grammar: Grammar, scene: Scene): Promise<readonly Subject[]> {
  if (source.length > LONGEST) return unread(source, `It is longer than ${LONGEST} characters.`, undefined, scene);
  const hidden = hiddenCharacter(source);
  if (hidden) return unread(source, hidden, undefined, scene);
  const parts = split(source);
  if (!parts.ok) return unread(source, parts.why, grammar, scene);
  const { commands } = parts;
  if (shell === 'sh' && commands.some(onlyInBash)) return unread(source, 'It uses syntax that sh reads in another way.', grammar, scene);
  if (!grammar.agrees(parts.flat, commands)) return unread(source, 'Two readings of it differ.', grammar, scene);
  if (commands.length === 0)
    return source.trim() === '' ? unread(source, 'It is empty.', undefined, scene) : [{ ...NOTHING, text: source.trim() }];
  return judgeCommands(commands, scene, (text, inner) => judgeLine(text, shell, grammar, inner));
}

const NOTHING = { class: 'read_only', why: 'A comment: it does nothing.', touches: [] } as const;

function onlyInBash(command: SimpleCommand): boolean {
  return command.before === '|&' || command.after === '|&' || command.redirects.some((redirect) => redirect.fd === '&');
}

/** `visited` is what `cd -` may lead back to. */
type Folders = { current: readonly string[]; all: readonly string[]; visited: readonly string[] };

/** Goes through the commands in order, following every `cd` as far as it surely holds. */
async function judgeCommands(
  commands: readonly SimpleCommand[],
  scene: Scene,
  judge: (text: string, scene: Scene) => Promise<readonly Subject[]>,
): Promise<readonly Subject[]> {
  const subjects: Subject[] = [];
  const scopes = new Map<string, Folders>([['', { current: scene.cwds, all: scene.cwds, visited: scene.cwds }]]);
  for (const [i, command] of commands.entries()) {
    const folders = scopeOf(command, scopes);
    if (command.before !== undefined && command.before !== '&&') folders.current = folders.all;
    const here: Scene = { ...scene, cwds: folders.current, pipe: pipeBefore(commands, i) };
    const target = changesFolder(command);
    if (target === undefined)
      subjects.push(...(await judgeCommand(command, here, judge)).map((subject) => within(subject, command, here, scene)));
    else subjects.push(await move(command, target, here, folders), ...(await judgeCommand({ ...command, words: [] }, here, judge)));
  }
  return subjects;
}

/** A command reads the folder that it runs in, which matters where a `cd` has led it. */
function within(subject: Subject, command: SimpleCommand, here: Scene, start: Scene): Subject {
  const moved = here.cwds.filter((cwd) => !start.cwds.includes(cwd));
  const touch = showsNames(stripWrappers(command.words)) ? ({ access: 'read', names: true } as const) : ({ access: 'read' } as const);
  return { ...subject, touches: [...subject.touches, ...moved.map((path): Touch => ({ path, ...touch }))] };
}

/** A subshell begins with the folders of what surrounds it and gives none back. */
function scopeOf(command: SimpleCommand, scopes: Map<string, Folders>): Folders {
  const key = command.groups.join('.');
  const known = scopes.get(key);
  if (known) return known;
  const outer = scopeOf({ ...command, groups: command.groups.slice(0, -1) }, scopes);
  // How the subshell was reached is not followed: it may begin in any folder of what surrounds it.
  const fresh = { current: outer.all, all: outer.all, visited: outer.visited };
  scopes.set(key, fresh);
  return fresh;
}

/** The target of a `cd`, `''` for home, `-` for back; undefined for other commands. */
function changesFolder(command: SimpleCommand): string | undefined {
  const [program, ...rest] = stripWrappers(command.words);
  if (program?.quoted) return undefined;
  if (program?.value === 'popd' && rest.length === 0) return '-';
  if (program?.value !== 'cd' && program?.value !== 'pushd') return undefined;
  const operands = rest.filter((word) => !/^(?:-[LP]|--)$/.test(word.value));
  const [operand] = operands;
  if (operands.length > 1 || operand?.glob || operand?.status || /^[-+]./.test(operand?.value ?? '')) return undefined;
  return operand?.value ?? '';
}

/** Follows a `cd`. Where it may fail or be skipped, the commands after it may run in the old folder as well as in the new. */
async function move(command: SimpleCommand, target: string, scene: Scene, folders: Folders): Promise<Subject> {
  const back = target === '-';
  const reached = back
    ? folders.visited
    : await Promise.all(pathsOf(target === '' ? '~' : target, false, scene).map((path) => realOf(path, scene)));
  const inPipe = isPipe(command) || command.after === '|' || command.after === '|&' || command.after === '&';
  const always =
    !inPipe && !back && (command.before === undefined || /^[;&\n]$/.test(command.before)) && (await areFolders(reached, scene));
  const ifReached = command.after === '&&' && command.before !== '||' && !inPipe && !command.negated && !back;
  folders.all = always ? reached : [...new Set([...folders.all, ...reached])];
  folders.visited = [...new Set([...folders.visited, ...reached])];
  folders.current = always || ifReached ? reached : folders.all;
  return { text: `cd ${target}`.trim(), class: 'read_only', why: 'Goes to another folder for the rest of the line.', touches: [] };
}

async function areFolders(paths: readonly string[], scene: Scene): Promise<boolean> {
  const stats = await Promise.all(
    paths.map(async (path) => {
      try {
        return await scene.documents.stat(path);
      } catch {
        // What cannot be looked at may not be there: the `cd` counts as one that can fail.
        return undefined;
      }
    }),
  );
  return stats.every((stat) => stat?.kind === 'folder');
}

/** The commands whose output reaches this one, a whole subshell counted with all of its commands. */
function pipeBefore(commands: readonly SimpleCommand[], at: number): readonly SimpleCommand[] {
  const pipe: SimpleCommand[] = [];
  const depth = commands[at]?.groups.length ?? 0;
  let piped = isPipe(commands[at]);
  for (let i = at - 1; i >= 0 && piped; i--) {
    const before = commands[i];
    if (!before) break;
    pipe.unshift(before);
    piped = before.groups.length > depth || isPipe(before);
  }
  return pipe;
}

function isPipe(command: SimpleCommand | undefined): boolean {
  return command?.before === '|' || command?.before === '|&';
}

/** A line that is asked as a whole: how bad it could be, and the commands that the grammar sees in it. */
export function unread(source: string, why: string, grammar: Grammar | undefined, scene: Scene): readonly Subject[] {
  const found = scan(source, scene);
  const whole: Subject = {
    text: source.trim(),
    class: found.destroys || found.critical ? 'destructive' : 'mutating',
    why: found.critical ?? (found.destroys ? `${why} ${found.destroys}` : why),
    touches: found.touches,
    opaque: true,
    ...(found.critical ? { critical: found.critical } : {}),
  };
  const inner = grammar?.commandsIn(source) ?? [];
  const texts = [...new Set(inner.map((text) => text.replace(/\s+/g, ' ').trim()))].filter((text) => text !== '' && text !== whole.text);
  const parts = texts.slice(0, MOST_SHOWN).map((text): Subject => {
    const part = scan(text, scene);
    return {
      text,
      class: part.destroys ? 'destructive' : 'mutating',
      why: part.destroys ?? 'A part of a line that cannot be judged as a whole.',
      touches: [],
      opaque: true,
    };
  });
  return [whole, ...parts];
}
