import type { Subject, Touch } from '../../core/tool';
import { isPlainPath, windowsPaths } from './powershell';
import { readOnly } from './readonly';
import type { Scene } from './scene';
import type { Word } from './tokenize';
import { windowsWords } from './windows-words';

type Builtin = { readonly does: string; readonly switches: RegExp; readonly operands: 'none' | 'text' | 'path' | 'text,path' };

const BUILTINS: Readonly<Record<string, Builtin>> = {
  dir: {
    does: 'lists files',
    switches: /^\/(?:a(?::?[dhsrail-]*)?|b|s|o(?::?[nsedg-]*)?|q|t(?::[caw])?|w|x|n|l|4|p|c)$/i,
    operands: 'path',
  },
  type: { does: 'prints files', switches: /^$/, operands: 'path' },
  tree: { does: 'lists a folder as a tree', switches: /^\/[fa]$/i, operands: 'path' },
  findstr: { does: 'searches text', switches: /^\/(?:[bielrsixvnmop]|c:.+)$/i, operands: 'text,path' },
  where: { does: 'finds a program', switches: /^\/[qft]$/i, operands: 'text' },
  echo: { does: 'prints a text', switches: /^$/, operands: 'text' },
  ver: { does: 'prints the system', switches: /^$/, operands: 'none' },
  vol: { does: 'shows a disk', switches: /^$/, operands: 'none' },
  whoami: { does: 'prints the user', switches: /^\/(?:user|groups|priv|all)$/i, operands: 'none' },
  hostname: { does: 'prints the name of the machine', switches: /^$/, operands: 'none' },
  tasklist: { does: 'lists processes', switches: /^\/(?:v|svc|m)$/i, operands: 'none' },
  systeminfo: { does: 'shows the machine', switches: /^$/, operands: 'none' },
  cd: { does: 'prints the current folder', switches: /^$/, operands: 'none' },
};

const NATIVE = /^(?:git|rg|node|docker|kubectl|gh)$/;

/** The parts of a cmd line that is one literal command; the reason when it is more. */
export async function judgeCmd(source: string, scene: Scene): Promise<readonly Subject[] | string> {
  const words = windowsWords(source, '"', /[%^&|<>!"]/);
  if (!words.ok) return words.why;
  const [command = [], ...more] = words.pipeline;
  if (more.length > 0) return 'It joins commands in a way that is not judged.';
  const [program, ...rest] = command;
  if (!program || program.quoted) return 'The program is named by a quoted text.';
  const text = command.map((word) => word.value).join(' ');
  if (NATIVE.test(program.value)) {
    const judged = await readOnly(command, scene);
    return judged.ok ? [{ text, class: 'read_only', why: `${judged.does}.`, touches: judged.touches }] : judged.why;
  }
  const name = program.value.toLowerCase();
  const spec = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
  if (!spec) return `It runs ${program.value}, which is not known to only read.`;
  const touches = pathsIn(spec, rest, scene);
  return typeof touches === 'string' ? touches : [{ text, class: 'read_only', why: `${spec.does}.`, touches }];
}

function pathsIn(spec: Builtin, words: readonly Word[], scene: Scene): readonly Touch[] | string {
  const operands = words.filter((word) => word.quoted || !word.value.startsWith('/'));
  const unknown = words.find((word) => !operands.includes(word) && !spec.switches.test(word.value));
  if (unknown) return `The switch ${unknown.value} is not known to be harmless.`;
  if (spec.operands === 'none' && operands.length > 0) return 'It takes more than it needs to read.';
  const hasText = words.some((word) => /^\/c:/i.test(word.value));
  const paths = spec.operands === 'path' ? operands : spec.operands === 'text,path' ? operands.slice(hasText ? 0 : 1) : [];
  const bad = paths.find((path) => !isPlainPath(path.value));
  if (bad) return `The path ${bad.value} is on a network or a device.`;
  return paths.flatMap((path) => windowsPaths(path.value, scene)).map((path): Touch => ({ path, access: 'read' }));
}
