import type { Subject, Touch } from '../../core/tool';
import { NATIVE } from './programs/powershell';
import { SHOWN_VARIABLES } from './programs/windows';
import { readOnly } from './readonly';
import type { Scene } from './scene';
import { isPlainPath, windowsPaths } from './windows-paths';
import { windowsProgram } from './windows-programs';
import { CMD_RULES, type WindowsWord, windowsLine } from './windows-words';

/** The parts of a cmd line that is made of literal commands; the reason when it is more. */
export async function judgeCmd(source: string, scene: Scene): Promise<readonly Subject[] | string> {
  const branches = ifExists(source.trim());
  if (branches) return judgeBranches(branches, scene);
  const line = windowsLine(withVariables(source), CMD_RULES);
  if (!line.ok) return line.why;
  const subjects: Subject[] = [];
  let here = scene;
  for (const command of line.pipelines.flat()) {
    const [program, ...rest] = command;
    if (!program || program.quoted) return 'The program is named by a quoted text.';
    const text = command.map((word) => word.value).join(' ');
    if (/^(?:cd|chdir|pushd)$/i.test(program.value) && rest.length > 0) {
      const moved = movedBy(rest, here);
      if (typeof moved === 'string') return moved;
      here = moved;
      subjects.push({ text, class: 'read_only', why: 'Goes to another folder for the rest of the line.', touches: [] });
      continue;
    }
    const judged = await judgeCommand(program, rest, here);
    if (typeof judged === 'string') return judged;
    const away = here.cwds.filter((cwd) => !scene.cwds.includes(cwd)).map((path): Touch => ({ path, access: 'read' }));
    subjects.push({ text, class: 'read_only', why: judged.why, touches: [...judged.touches, ...away] });
  }
  return subjects;
}

/** `%PATH%` in what is printed stays a word; any other variable leaves a sign that is not read. */
function withVariables(source: string): string {
  if (!/^\s*echo[ .]/i.test(source) || /[&|<>^]/.test(source)) return source;
  return source.replace(/%(\w+)%/g, (whole, name: string) => (SHOWN_VARIABLES.test(name) ? name : whole));
}

async function judgeCommand(
  program: WindowsWord,
  rest: readonly WindowsWord[],
  scene: Scene,
): Promise<{ readonly why: string; readonly touches: readonly Touch[] } | string> {
  if (/^(?:cd|chdir)$/i.test(program.value)) return { why: 'prints the current folder.', touches: [] };
  if (NATIVE.test(program.value)) {
    const name = { ...program, value: program.value.replace(/\.(?:exe|cmd)$/i, '').toLowerCase() };
    const judged = await readOnly([name, ...rest], scene);
    return judged.ok ? { why: `${judged.does}.`, touches: judged.touches } : judged.why;
  }
  if (rest.length === 1 && rest[0]?.value === '/?' && /^[a-z]+$/i.test(program.value)) return { why: 'prints help.', touches: [] };
  return windowsProgram(program.value, rest, scene, 'cmd');
}

/** It may fail, and the rest then runs where it was. */
function movedBy(words: readonly WindowsWord[], scene: Scene): Scene | string {
  const targets = words.filter((word) => !/^\/d$/i.test(word.value));
  const [target] = targets;
  if (!target || targets.length > 1 || !isPlainPath(target.value) || /[=;]/.test(target.value))
    return 'It goes to a folder that is not judged.';
  return { ...scene, cwds: [...new Set([...windowsPaths(target.value, scene), ...scene.cwds])] };
}

/** `if exist a (echo yes) else (echo no)`: the path and each command. */
function ifExists(source: string): readonly string[] | undefined {
  const found =
    /^if (?:\/i )?(?:not )?exist ([\w.\\-]+|"[\w.\\ -]+") (?:\(([^()]+)\)|([^()]+?))(?: else (?:\(([^()]+)\)|([^()]+)))?$/i.exec(source);
  if (!found) return undefined;
  const [, path = '', ...commands] = found;
  return [`dir ${path}`, ...commands.filter((command) => command !== undefined)];
}

async function judgeBranches(branches: readonly string[], scene: Scene): Promise<readonly Subject[] | string> {
  const subjects: Subject[] = [];
  for (const branch of branches) {
    const judged = await judgeCmd(branch, scene);
    if (typeof judged === 'string') return judged;
    subjects.push(...judged);
  }
  return subjects;
}
