import type { Subject, Touch } from '../../core/tool';
import { ALIASES, CMDLETS, type Cmdlet, MEMBERS, NATIVE } from './programs/powershell';
import { SHOWN_VARIABLES } from './programs/windows';
import { readOnly } from './readonly';
import type { Scene } from './scene';
import { isPlainPath, windowsPaths } from './windows-paths';
import { windowsProgram } from './windows-programs';
import { POWERSHELL_RULES, type WindowsWord, windowsLine } from './windows-words';

type Judged = { readonly why: string; readonly touches: readonly Touch[] };

/** The parts of a PowerShell line that is only literal; the reason when it is more. */
export async function judgePowerShell(source: string, scene: Scene): Promise<readonly Subject[] | string> {
  const expression = shownExpression(source.trim());
  if (expression) return [{ text: source.trim(), class: 'read_only', why: expression, touches: [] }];
  const line = windowsLine(source, POWERSHELL_RULES);
  if (!line.ok) return line.why;
  const subjects: Subject[] = [];
  let here = scene;
  for (const pipeline of line.pipelines) {
    const moved = pipeline.length === 1 ? movedBy(pipeline[0] ?? [], here) : undefined;
    if (typeof moved === 'string') return moved;
    if (moved) {
      here = moved;
      subjects.push({
        text: texts(pipeline[0] ?? []),
        class: 'read_only',
        why: 'Goes to another folder for the rest of the line.',
        touches: [],
      });
      continue;
    }
    for (const command of pipeline) {
      const judged = await judgeCommand(command, here);
      if (typeof judged === 'string') return judged;
      const away = here.cwds.filter((cwd) => !scene.cwds.includes(cwd)).map((path): Touch => ({ path, access: 'read' }));
      subjects.push({ text: texts(command), class: 'read_only', why: judged.why, touches: [...judged.touches, ...away] });
    }
  }
  return subjects;
}

function texts(command: readonly WindowsWord[]): string {
  return command.map((word) => word.value).join(' ');
}

/** Numbers, literal texts and variables that hold no secret are printed as they are. */
function shownExpression(text: string): string | undefined {
  if (/^(?:[\d.]+|\s|[-+*/])+$/.test(text) || /^'[^']*'$/.test(text) || /^"[^"$`]*"$/.test(text)) return 'Prints a value.';
  if (
    /^\$(?:PSVersionTable|PWD|HOME|Host|\?|LASTEXITCODE|PSHOME|PSCulture|PSUICulture|IsWindows|IsLinux|IsMacOS|PID|ShellId|true|false|null)(?:\.[A-Za-z]\w*)*$/i.test(
      text,
    )
  )
    return 'Prints a value.';
  const variable = /^\$env:(\w+)(?: -split '[;:]')?$/i.exec(text)?.[1];
  return variable !== undefined && SHOWN_VARIABLES.test(variable) ? 'Prints a value.' : undefined;
}

/** Where a `cd` leads; why it is not judged; undefined for other commands. */
function movedBy(command: readonly WindowsWord[], scene: Scene): Scene | string | undefined {
  const [program, target, ...more] = command;
  if (!program || program.quoted || !/^(?:cd|chdir|sl|set-location|pushd|push-location)$/i.test(program.value)) return undefined;
  if (!target || more.length > 0 || target.value.startsWith('-') || target.nested !== undefined || target.block !== undefined)
    return 'It goes to a folder that is not judged.';
  if (!isPlainPath(target.value)) return `The path ${target.value} is on a network, a drive of PowerShell or a device.`;
  // It may fail, and the rest then runs where it was.
  return { ...scene, cwds: [...new Set([...windowsPaths(target.value, scene), ...scene.cwds])] };
}

async function judgeCommand(command: readonly WindowsWord[], scene: Scene): Promise<Judged | string> {
  const [program, ...rest] = command;
  if (!program) return 'A command is missing.';
  if (program.nested !== undefined) return rest.length === 0 ? nested(program.nested, scene) : 'Something follows a bracket.';
  if (program.quoted || program.block !== undefined) return 'The program is named by a quoted text.';
  if (command.some((word) => word.value === '--%')) return 'It stops the parsing of its own arguments.';
  if (NATIVE.test(program.value)) return native(command, scene);
  const name = program.value.toLowerCase();
  const full = Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
  const spec = Object.hasOwn(CMDLETS, full) ? CMDLETS[full] : undefined;
  if (spec) return cmdlet(spec, rest, scene);
  if (rest.some((word) => word.block !== undefined || word.nested !== undefined)) return 'It has brackets that are not judged.';
  return windowsProgram(program.value, rest, scene, 'powershell');
}

/** `(Get-Content a).Count`: the command inside, of whose outcome a part is printed. */
async function nested(inner: string, scene: Scene): Promise<Judged | string> {
  const judged = await judgePowerShell(inner, scene);
  if (typeof judged === 'string') return judged;
  return { why: judged[0]?.why ?? 'Prints a value.', touches: judged.flatMap(({ touches }) => touches) };
}

async function native(words: readonly WindowsWord[], scene: Scene): Promise<Judged | string> {
  if (words.some((word) => word.block !== undefined || word.nested !== undefined)) return 'It has brackets that are not judged.';
  if (words.some((word) => !word.quoted && (word.value.includes(',') || word.value.includes('$'))))
    return 'A comma makes a list in PowerShell.';
  const [program, ...rest] = words;
  if (!program) return 'A command is missing.';
  const name = { ...program, value: program.value.replace(/\.(?:exe|cmd)$/i, '').toLowerCase() };
  const judged = await readOnly([name, ...rest], scene);
  return judged.ok ? { why: `${judged.does}.`, touches: judged.touches } : judged.why;
}

const PART = String.raw`(?:\$_(?:\.[A-Za-z]\w*)*|'[^']*'|"[^"$]*"|\d+(?:\.\d+)?(?:[kmgt]b)?|\$(?:true|false|null))`;
const COMPARED = String.raw`\s*(?:-not\s+|!\s*)?${PART}(?:\s+-[ci]?(?:eq|ne|gt|lt|ge|le|like|notlike|match|notmatch|contains|notcontains|in|notin|is)\s+${PART})?\s*`;
/** Comparisons of properties: nothing in it is called. */
const HARMLESS_BLOCK = new RegExp(`^${COMPARED}(?:-(?:and|or)${COMPARED})*$`, 'i');

async function cmdlet(spec: Cmdlet, words: readonly WindowsWord[], scene: Scene): Promise<Judged | string> {
  const known = (list: string, option: string): boolean => list.toLowerCase().split(' ').includes(option);
  const paths: WindowsWord[] = [];
  const operands: WindowsWord[] = [];
  const inside: Touch[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (!word) break;
    if (word.block !== undefined) {
      if (!spec.block || !HARMLESS_BLOCK.test(word.block)) return 'It has a script block that is not judged.';
    } else if (word.nested !== undefined) {
      if (!spec.nested || !word.value.endsWith(')')) return 'It has brackets that are not judged.';
      const judged = await nested(word.nested, scene);
      if (typeof judged === 'string') return judged;
      inside.push(...judged.touches);
    } else if (word.quoted || !word.value.startsWith('-')) operands.push(word);
    else {
      const option = word.value.slice(1).toLowerCase();
      if (known(spec.switches, option)) continue;
      const value = words[++i];
      if (!value || value.block !== undefined || value.nested !== undefined || (!value.quoted && value.value.startsWith('-')))
        return `The option ${word.value} is not known to be harmless.`;
      if (known(spec.paths, option)) paths.push(value);
      else if (!(known('erroraction warningaction ea wa informationaction', option) ? QUIET.test(value.value) : known(spec.valued, option)))
        return `The option ${word.value} is not known to be harmless.`;
      else if (option === 'membername') operands.push(value);
    }
  }
  if (spec.members && operands.some((word) => !MEMBERS.test(word.value))) return 'It could call a method of that name.';
  if (operands.length > (spec.positional === 'none' ? 0 : 9)) return 'It takes more than it needs to read.';
  if (spec.positional === 'path') paths.push(...operands);
  if (spec.positional === 'text,path') paths.push(...operands.slice(words.some((word) => /^-pattern$/i.test(word.value)) ? 0 : 1));
  const named = paths.flatMap((word) => (word.quoted ? [word.value] : word.value.split(',').filter(Boolean)));
  const bad = named.find((path) => !isPlainPath(path));
  if (bad) return `The path ${bad} is on a network, a drive of PowerShell or a device.`;
  const touch = spec.names ? ({ access: 'read', names: true } as const) : ({ access: 'read' } as const);
  const touches = named.flatMap((path) => windowsPaths(path, scene)).map((path): Touch => ({ path, ...touch }));
  return { why: `${spec.does}.`, touches: [...touches, ...inside] };
}

const QUIET = /^(?:SilentlyContinue|Stop|Continue|Ignore|0)$/i;
