import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createAssets } from '../node/assets';
import { classifyCommand } from '../tools/shell/classify';
import { answerLines, zLineId } from './json-lines';
import { createStandpoints } from './judged-folders';

const zShellKind = z.enum(['bash', 'zsh', 'sh', 'powershell', 'cmd']);

const zLine = z.object({
  id: zLineId,
  cmd: z.string(),
  shell: zShellKind.optional(),
  cwd: z.string().min(1).optional(),
});

/** Says of each command line on `input` what it would do, by the judgement that the shell tool makes. Runs nothing. */
export async function classify(input: Readable, out: (text: string) => void): Promise<number> {
  const asset = createAssets([dirname(fileURLToPath(import.meta.url))]);
  const standpointOf = createStandpoints();
  await answerLines(
    input,
    async (given) => {
      const { cmd, shell = 'bash', cwd } = zLine.parse(given);
      const standpoint = standpointOf(cwd, undefined, shell === 'powershell' || shell === 'cmd');
      const { class: effect, parts, why } = await classifyCommand(cmd, { ...standpoint, shell, asset });
      return { cmd, class: effect, parts, why };
    },
    out,
  );
  return 0;
}
