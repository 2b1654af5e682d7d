import { z } from 'zod';
import { defineTool, type Tool } from '../../src/core/tool';

/** A tool that only reads and may run beside others; `work` decides when it ends. */
export function reader(
  name: string,
  work: (input: { n: number }, signal: AbortSignal) => Promise<string> = async ({ n }) => `${name} ${n}`,
): Tool {
  return defineTool({
    name,
    description: name,
    input: z.strictObject({ n: z.number().default(0) }),
    safety: { readOnly: true, concurrencySafe: true, retrySafe: true },
    summarize: ({ n }) => ({ title: name, detail: String(n) }),
    run: async (input, { signal }) => ({ content: await work(input, signal), summary: 'read' }),
  });
}

/** A tool that changes something. */
export function writer(
  name: string,
  work: (signal: AbortSignal) => Promise<string> = async () => 'written',
  extra: { abortsSiblings?: boolean } = {},
): Tool {
  return defineTool({
    name,
    description: name,
    input: z.strictObject({}),
    safety: { destructive: false, ...extra },
    summarize: () => ({ title: name, detail: name }),
    run: async (_input, { signal }) => ({ content: await work(signal), summary: 'wrote' }),
  });
}

/** For sessions whose tests are about something else than asking. */
export const allowAll = [{ effect: 'allow', rule: 'write', source: 'user' } as const];
/** Ends only by its signal. */
export const toNever = (signal: AbortSignal) =>
  new Promise<string>((_, reject) =>
    signal.addEventListener('abort', () => reject(Object.assign(new Error('stopped'), { name: 'AbortError' }))),
  );
