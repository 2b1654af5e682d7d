import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { ToolError } from '../core/errors';

export type RipgrepPlaces = {
  /** The setting; wins over everything and must be right. */
  readonly setting: string;
  /** Where the editor is installed (`env.appRoot`), if there is one. */
  readonly appRoot?: string;
  readonly path?: string;
};

const NAME = process.platform === 'win32' ? 'rg.exe' : 'rg';

/** The search program to use, or undefined to walk the files ourselves. @throws ToolError when the setting is wrong. */
export async function findRipgrep({ setting, appRoot, path = process.env.PATH ?? '' }: RipgrepPlaces): Promise<string | undefined> {
  if (setting !== '') {
    if (await isProgram(setting)) return setting;
    throw new ToolError(
      `The setting plumb.ripgrepPath names ${setting}, which is no program.`,
      'Ask the user to correct it, or to empty it so that Plumb finds its own.',
    );
  }
  for (const candidate of [...(appRoot === undefined ? [] : bundled(appRoot)), ...onPath(path)]) {
    if (await isProgram(candidate)) return candidate;
  }
  return undefined;
}

/** The editor's own copy has moved between versions; both layouts exist packed and unpacked. */
function bundled(appRoot: string): string[] {
  return ['node_modules', 'node_modules.asar.unpacked'].flatMap((modules) => [
    join(appRoot, modules, '@vscode', 'ripgrep', 'bin', NAME),
    join(appRoot, modules, '@vscode', 'ripgrep-universal', 'bin', `${process.platform}-${process.arch}`, NAME),
  ]);
}

/** Absolute entries only: a relative one would run a program of the workspace. */
function onPath(path: string): string[] {
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, NAME));
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
