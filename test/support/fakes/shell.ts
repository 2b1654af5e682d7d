import { ToolError } from '../../../src/core/errors';
import type { Shell, ShellRequest, ShellResult } from '../../../src/core/ports/shell';

export type FakeShell = Shell & {
  readonly ran: ShellRequest[];
  /** Background commands: what they have printed and not yet shown, and how they ended. */
  readonly jobs: Map<string, { output: string; result?: ShellResult }>;
};

export const ended = (output: string, exitCode: number | null = 0, more: Partial<ShellResult> = {}): ShellResult => ({
  exitCode,
  output,
  timedOut: false,
  dropped: 0,
  ...more,
});

/** A shell that answers from a script instead of running anything. */
export function fakeShell(answer: (request: ShellRequest) => ShellResult = () => ended('')): FakeShell {
  const ran: ShellRequest[] = [];
  const jobs: FakeShell['jobs'] = new Map();
  const job = (id: string) => {
    const found = jobs.get(id);
    if (!found) throw new ToolError(`There is no background command ${id}.`, 'Start one with background: true.');
    return found;
  };
  return {
    kind: 'bash',
    ran,
    jobs,
    programs: async () => ['git', 'node'],
    async run(request, onOutput, signal) {
      signal.throwIfAborted();
      ran.push(request);
      const result = answer(request);
      onOutput(result.output);
      return result;
    },
    async start() {
      const id = `bg_${jobs.size + 1}`;
      jobs.set(id, { output: '' });
      return { id };
    },
    async tail(id) {
      const found = job(id);
      const { output, result } = found;
      found.output = '';
      return { output, result };
    },
    async kill(id) {
      job(id).result = ended('', null, { signal: 'SIGTERM' });
    },
  };
}
