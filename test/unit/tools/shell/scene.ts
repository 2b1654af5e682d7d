import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { below, normalize } from '../../../../src/core/permission/paths';
import type { Documents } from '../../../../src/core/ports';
import type { ShellKind } from '../../../../src/core/ports/shell';
import { assessCommand, type CommandAssessment } from '../../../../src/tools/shell/assess';

const require = createRequire(import.meta.url);
const FILES: Readonly<Record<string, string>> = {
  'web-tree-sitter.wasm': join(dirname(require.resolve('web-tree-sitter')), 'web-tree-sitter.wasm'),
  'tree-sitter-bash.wasm': join(dirname(require.resolve('tree-sitter-bash/package.json')), 'tree-sitter-bash.wasm'),
};

export const asset = (name: string): Promise<Uint8Array> => readFile(FILES[name] ?? name);

/** Paths as text only, links as told: `links` maps a path to where it leads. */
export function textDocuments(root: string, home: string, links: Readonly<Record<string, string>> = {}): Documents {
  const unused = (): never => {
    throw new Error('not part of this test');
  };
  const real = (path: string): string => {
    const link = Object.keys(links).find((from) => below(path, from) !== undefined);
    return link === undefined ? path : normalize(`${links[link]}/${below(path, link)}`);
  };
  return {
    roots: () => [root],
    resolve: async (path) => {
      const literal =
        path === '~' || path.startsWith('~/')
          ? normalize(home + path.slice(1))
          : path.startsWith('/')
            ? normalize(path)
            : normalize(`${root}/${path}`);
      return { path: literal, real: real(literal), exists: true, inside: below(real(literal), root) !== undefined };
    },
    // A name without a dot is a folder.
    stat: async (path) => ({ kind: /[.][^/]+$/.test(path) ? 'file' : 'folder', size: 0, mtimeMs: 0 }),
    list: async () => [],
    readText: unused,
    readBytes: unused,
    edit: unused,
    create: unused,
    remove: unused,
    rename: unused,
    restore: unused,
  };
}

export const ROOT = '/home/ada/app';
export const HOME = '/home/ada';
export const documents = textDocuments(ROOT, HOME);

export function assess(command: string, shell: ShellKind = 'bash', docs: Documents = documents): Promise<CommandAssessment> {
  return assessCommand(command, { shell, cwd: ROOT, roots: [ROOT], asset, documents: docs });
}
