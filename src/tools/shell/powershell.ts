import { isDeviceOrNetwork } from '../../core/permission/paths';
import type { Subject, Touch } from '../../core/tool';
import { readOnly } from './readonly';
import { pathsOf, type Scene } from './scene';
import type { Word } from './tokenize';
import { windowsWords } from './windows-words';

/** A cmdlet that reads: its switches, the parameters that take a literal, and which of its words are paths. */
type Cmdlet = {
  readonly does: string;
  readonly switches: string;
  readonly valued: string;
  readonly paths: string;
  readonly positional: 'path' | 'text' | 'text,path' | 'none';
};

const COMMON = 'ErrorAction WarningAction';

const CMDLETS: Readonly<Record<string, Cmdlet>> = {
  'get-childitem': {
    does: 'lists files',
    switches: 'Recurse Force Name File Directory Hidden',
    valued: 'Filter Include Exclude Depth',
    paths: 'Path LiteralPath',
    positional: 'path',
  },
  'get-content': {
    does: 'prints files',
    switches: 'Raw Force',
    valued: 'TotalCount Tail First Head Encoding ReadCount',
    paths: 'Path LiteralPath',
    positional: 'path',
  },
  'get-item': { does: 'shows facts of files', switches: 'Force', valued: 'Include Exclude', paths: 'Path LiteralPath', positional: 'path' },
  'test-path': { does: 'tells whether a file is there', switches: '', valued: 'PathType', paths: 'Path LiteralPath', positional: 'path' },
  'resolve-path': { does: 'shows a real path', switches: 'Relative', valued: '', paths: 'Path LiteralPath', positional: 'path' },
  'get-filehash': { does: 'prints checksums', switches: '', valued: 'Algorithm', paths: 'Path LiteralPath', positional: 'path' },
  'select-string': {
    does: 'searches text',
    switches: 'CaseSensitive SimpleMatch Quiet List NotMatch AllMatches Raw',
    valued: 'Pattern Context Include Exclude Encoding',
    paths: 'Path LiteralPath',
    positional: 'text,path',
  },
  'get-location': { does: 'prints the current folder', switches: '', valued: '', paths: '', positional: 'none' },
  'get-date': { does: 'prints the date', switches: 'AsUTC', valued: 'Format UFormat', paths: '', positional: 'none' },
  'get-process': { does: 'lists processes', switches: '', valued: 'Name Id', paths: '', positional: 'text' },
  'get-service': { does: 'lists services', switches: '', valued: 'Name DisplayName', paths: '', positional: 'text' },
  'get-command': { does: 'finds a program', switches: 'All', valued: 'Name CommandType', paths: '', positional: 'text' },
  'get-host': { does: 'shows the shell', switches: '', valued: '', paths: '', positional: 'none' },
  'measure-object': {
    does: 'counts',
    switches: 'Line Word Character Sum Average Maximum Minimum',
    valued: 'Property',
    paths: '',
    positional: 'text',
  },
  'select-object': {
    does: 'picks lines',
    switches: 'Unique',
    valued: 'First Last Skip Property ExpandProperty Index',
    paths: '',
    positional: 'text',
  },
  'sort-object': { does: 'sorts lines', switches: 'Descending Unique', valued: 'Property', paths: '', positional: 'text' },
  'format-table': { does: 'prints a table', switches: 'AutoSize Wrap HideTableHeaders', valued: 'Property', paths: '', positional: 'text' },
  'format-list': { does: 'prints a list', switches: '', valued: 'Property', paths: '', positional: 'text' },
  'out-string': { does: 'prints a text', switches: 'Stream', valued: 'Width', paths: '', positional: 'none' },
  'convertto-json': { does: 'prints JSON', switches: 'Compress', valued: 'Depth', paths: '', positional: 'none' },
  'convertfrom-json': { does: 'reads JSON', switches: 'AsHashtable', valued: 'Depth', paths: '', positional: 'none' },
  'write-output': { does: 'prints a text', switches: '', valued: '', paths: '', positional: 'text' },
};

const ALIASES: Readonly<Record<string, string>> = {
  ...{ gci: 'get-childitem', ls: 'get-childitem', dir: 'get-childitem', gc: 'get-content', cat: 'get-content', type: 'get-content' },
  ...{
    gi: 'get-item',
    rvpa: 'resolve-path',
    sls: 'select-string',
    pwd: 'get-location',
    gl: 'get-location',
    gps: 'get-process',
    ps: 'get-process',
  },
  ...{ gcm: 'get-command', measure: 'measure-object', select: 'select-object', sort: 'sort-object', ft: 'format-table', fl: 'format-list' },
  ...{ echo: 'write-output', write: 'write-output' },
};

/** Programs that PowerShell does not replace by a command of its own, judged by the common table. */
const NATIVE = /^(?:git|rg|node|docker|kubectl|gh)$/;

/** The parts of a PowerShell line that is only literal; undefined with the reason when it is more. */
export async function judgePowerShell(source: string, scene: Scene): Promise<readonly Subject[] | string> {
  const words = windowsWords(source, `'"`, /[$`"]/);
  if (!words.ok) return words.why;
  const subjects: Subject[] = [];
  for (const command of words.pipeline) {
    const [program, ...rest] = command;
    if (!program || program.quoted) return 'The program is named by a quoted text.';
    if (command.some((word) => word.value === '--%')) return 'It stops the parsing of its own arguments.';
    const judged = NATIVE.test(program.value) ? await native(command, scene) : cmdlet(program.value.toLowerCase(), rest, scene);
    if (typeof judged === 'string') return judged;
    subjects.push({ text: command.map((word) => word.value).join(' '), class: 'read_only', ...judged });
  }
  return subjects;
}

type Judged = { readonly why: string; readonly touches: readonly Touch[] };

async function native(words: readonly Word[], scene: Scene): Promise<Judged | string> {
  if (words.some((word) => word.value.includes(','))) return 'A comma makes a list in PowerShell.';
  const judged = await readOnly(words, scene);
  return judged.ok ? { why: `${judged.does}.`, touches: judged.touches } : judged.why;
}

function cmdlet(name: string, words: readonly Word[], scene: Scene): Judged | string {
  const full = Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
  const spec = Object.hasOwn(CMDLETS, full) ? CMDLETS[full] : undefined;
  if (!spec) return `It runs ${name}, which is not known to only read.`;
  const known = (list: string, option: string): boolean => list.toLowerCase().split(' ').includes(option);
  const paths: Word[] = [];
  const operands: Word[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (!word) break;
    if (word.quoted || !word.value.startsWith('-')) {
      operands.push(word);
      continue;
    }
    const option = word.value.slice(1).toLowerCase();
    if (known(spec.switches, option)) continue;
    const value = words[++i];
    if (!value || (!value.quoted && value.value.startsWith('-'))) return `The option ${word.value} is not known to be harmless.`;
    if (known(spec.paths, option)) paths.push(value);
    else if (known(COMMON, option) ? !/^(?:SilentlyContinue|Stop|Continue|Ignore)$/i.test(value.value) : !known(spec.valued, option)) {
      return `The option ${word.value} is not known to be harmless.`;
    }
  }
  const most = { path: 9, text: 9, 'text,path': 9, none: 0 }[spec.positional];
  if (operands.length > most) return 'It takes more than it needs to read.';
  if (spec.positional === 'path') paths.push(...operands);
  if (spec.positional === 'text,path') paths.push(...operands.slice(words.some((word) => /^-pattern$/i.test(word.value)) ? 0 : 1));
  const bad = paths.find((path) => !isPlainPath(path.value));
  if (bad) return `The path ${bad.value} is on a network, a drive of PowerShell or a device.`;
  return {
    why: `${spec.does}.`,
    touches: paths.flatMap((path) => windowsPaths(path.value, scene)).map((path): Touch => ({ path, access: 'read' })),
  };
}

/** No network share, no device, no drive such as `Env:` or `HKLM:`, no list. */
export function isPlainPath(path: string): boolean {
  return !isDeviceOrNetwork(path) && !/[,`$]/.test(path) && !path.replace(/^[A-Za-z]:(?=[\\/])/, '').includes(':');
}

/** Backslashes separate folders in these shells, and a wildcard stands for what lies in its folder. */
export function windowsPaths(path: string, scene: Scene): readonly string[] {
  const slashed = path.replaceAll('\\', '/').replace(/[^/]*[*?].*$/, '') || '.';
  return pathsOf(slashed, false, scene);
}
