import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { messageOf } from '../core/errors';

/** What ties an answer to its line. */
export const zLineId = z.union([z.string(), z.number()]).optional();

/**
 * Answers each line of `input` with one line, in order. A line that cannot be read is answered with what is wrong with it,
 * and the next one follows.
 */
export async function answerLines(
  input: Readable,
  answer: (given: unknown) => Promise<Readonly<Record<string, unknown>>>,
  out: (text: string) => void,
): Promise<void> {
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === '') continue;
    out(`${JSON.stringify(await answerLine(line, number, answer))}\n`);
  }
}

async function answerLine(
  line: string,
  number: number,
  answer: (given: unknown) => Promise<Readonly<Record<string, unknown>>>,
): Promise<Readonly<Record<string, unknown>>> {
  let given: unknown;
  try {
    given = JSON.parse(line.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { id: null, line: number, error: `Not JSON: ${messageOf(error)}` };
  }
  const id = idOf(given);
  try {
    return { id: id ?? null, ...(await answer(given)) };
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    return { id: id ?? null, line: number, error: why };
  }
}

function idOf(given: unknown): string | number | undefined {
  const read = z.object({ id: zLineId }).safeParse(given);
  return read.success ? read.data.id : undefined;
}
