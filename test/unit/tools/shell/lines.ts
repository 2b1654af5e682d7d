import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ShellKind } from '../../../../src/core/ports/shell';

const FOLDER = join(import.meta.dirname, 'lines');
const zShell = z.enum(['bash', 'zsh', 'powershell', 'cmd']);

/** One file of lines: `bash.read-only-tools.txt` holds lines of bash that only read. */
export type Lines = {
  readonly file: string;
  readonly shell: ShellKind;
  readonly kind: 'read-only' | 'destructive' | 'ask';
  readonly lines: readonly string[];
};

/** Every line of the corpora. A `⏎` in a line stands for a line end; `# ` begins a remark. */
export function allLines(): readonly Lines[] {
  return readdirSync(FOLDER)
    .sort()
    .map((file) => {
      const [shell, kind = ''] = file.split('.');
      const lines = readFileSync(join(FOLDER, file), 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('# '))
        .map((line) => line.replaceAll('⏎', '\n'));
      const named = kind.startsWith('read-only') ? 'read-only' : kind.startsWith('destructive') ? 'destructive' : 'ask';
      return { file, shell: zShell.parse(shell), kind: named, lines };
    });
}
