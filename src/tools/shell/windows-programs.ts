import type { Touch } from '../../core/tool';
import { WINDOWS, type WindowsProgram } from './programs/windows';
import type { Scene } from './scene';
import type { Word } from './tokenize';
import { isPlainPath, windowsPaths } from './windows-paths';

export type WindowsRead = { readonly why: string; readonly touches: readonly Touch[] };

/** A program of Windows with words that are known to only read; why not otherwise. */
export function windowsProgram(name: string, words: readonly Word[], scene: Scene, shell: 'cmd' | 'powershell'): WindowsRead | string {
  const key = name.toLowerCase().replace(/\.exe$/, (end) => (/^(?:where|sc)\.exe$/i.test(name) ? end : ''));
  const spec = Object.hasOwn(WINDOWS, key) ? WINDOWS[key] : undefined;
  if (!spec || (spec.cmdOnly && shell === 'powershell')) return `It runs ${name}, which is not known to only read.`;
  if (words.length === 1 && words[0]?.value === '/?') return { why: 'prints help.', touches: [] };
  if (spec.whole) {
    const text = words.map((word) => word.value).join(' ');
    return spec.whole.test(text)
      ? { why: `${spec.does}.`, touches: fileNamed(words, spec, scene) }
      : 'With these words it may do more than read.';
  }
  return pathsIn(spec, words, scene);
}

/** `certutil -hashfile a.txt`, `icacls a.txt`: the file is its own word. */
function fileNamed(words: readonly Word[], spec: WindowsProgram, scene: Scene): readonly Touch[] {
  if (!/checksums|rights/.test(spec.does)) return [];
  const file = words.find((word) => !word.value.startsWith('-'));
  return file ? windowsPaths(file.value, scene).map((path): Touch => ({ path, access: 'read' })) : [];
}

function pathsIn(spec: WindowsProgram, words: readonly Word[], scene: Scene): WindowsRead | string {
  const kind = spec.operands ?? 'none';
  const operands = words.filter((word) => word.quoted || !word.value.startsWith('/'));
  const unknown = words.find((word) => !operands.includes(word) && !spec.switches?.test(word.value));
  if (unknown) return `The switch ${unknown.value} is not known to be harmless.`;
  if (kind !== 'text' && operands.some((word) => !word.quoted && /^[+-]/.test(word.value))) return 'It could change what it names.';
  if (kind === 'none' && operands.length > 0) return 'It takes more than it needs to read.';
  if (spec.most !== undefined && operands.length > spec.most) return 'It takes more than it needs to read.';
  const hasText = words.some((word) => /^\/c:/i.test(word.value));
  const paths = kind === 'path' ? operands : kind === 'text,path' ? operands.slice(hasText ? 0 : 1) : [];
  const bad = paths.find((path) => !isPlainPath(path.value) || (!path.quoted && /[=;]/.test(path.value)));
  if (bad) return `The path ${bad.value} is on a network or a device.`;
  const touch = spec.names ? ({ access: 'read', names: true } as const) : ({ access: 'read' } as const);
  return {
    why: `${spec.does}.`,
    touches: paths.flatMap((path) => windowsPaths(path.value, scene)).map((path): Touch => ({ path, ...touch })),
  };
}
