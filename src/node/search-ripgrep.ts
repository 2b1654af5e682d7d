import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { ToolError } from '../core/errors';
import type { GrepLine, GrepQuery } from '../core/ports/search';
import { abortError, throwIfAborted } from './abort';
import { childEnvironment } from './environment';
import { isNameGlob } from './glob-pattern';
import { clipAround, collectHits, type Hits } from './search-lines';
import { repositoryOf } from './walk';

/** Text, or base64 where the bytes are no UTF-8. */
const zBytes = z.union([z.object({ text: z.string() }), z.object({ bytes: z.string() })]);
const zLine = z.object({
  path: zBytes,
  lines: zBytes,
  line_number: z.number().nullable(),
  submatches: z.array(z.object({ start: z.number() })),
});
const zRecord = z.discriminatedUnion('type', [
  z.object({ type: z.literal('match'), data: zLine }),
  z.object({ type: z.literal('context'), data: zLine }),
  z.object({ type: z.literal('begin') }),
  z.object({ type: z.literal('end') }),
  z.object({ type: z.literal('summary') }),
]);

/** Searches with ripgrep. `wanted` decides by path; lines of one file come in order, files in path order. */
export async function ripgrepSearch(
  program: string,
  query: GrepQuery,
  isFile: boolean,
  wanted: (path: string) => boolean,
  signal: AbortSignal,
): Promise<Hits> {
  const folder = isFile ? dirname(query.path) : query.path;
  const collected = collectHits(query);
  const args = [...(await commonArgs(folder)), '--json', '--crlf', '--engine=auto', '--sort=path'];
  if (query.ignoreCase) args.push('--ignore-case');
  if (query.literal) args.push('--fixed-strings');
  if (query.multiline) args.push('--multiline');
  args.push(`--before-context=${query.before}`, `--after-context=${query.after}`);
  // A name glob as a type spares the other files the search; as `--glob` it would let ignored files in.
  if (query.glob !== undefined && isNameGlob(query.glob) && /^[\w.*?{},-]+$/.test(query.glob)) {
    args.push(`--type-add=plumb:${query.glob}`, '--type=plumb');
  }
  args.push('--', query.pattern, query.path);
  const code = await run(program, args, folder, '\n', signal, (text) => {
    const record = zRecord.parse(JSON.parse(text));
    if (record.type !== 'match' && record.type !== 'context') return true;
    return linesOf(record.data, record.type === 'match', wanted).every((line) => collected.add(line));
  });
  if (code.failure) throw badPattern(code.failure);
  return collected.hits();
}

/** Every file below `folder` that is not ignored, in no order. `take` says false to stop. */
export async function ripgrepFiles(program: string, folder: string, take: (path: string) => boolean, signal: AbortSignal): Promise<void> {
  const args = [...(await commonArgs(folder)), '--files', '--null', '--', folder];
  const code = await run(program, args, folder, '\0', signal, take);
  if (code.failure)
    throw new ToolError(
      `The files of ${folder} could not be listed: ${code.failure}`,
      'Check the folder, or list it with a shell command.',
    );
}

/** No settings of the user, no global ignore files: the same answer on every machine. Rules above count in a repository only. */
async function commonArgs(folder: string): Promise<string[]> {
  const base = ['--no-config', '--no-messages', '--hidden', '--glob=!.git', '--no-ignore-global', '--no-ignore-exclude'];
  return (await repositoryOf(folder)) === undefined ? [...base, '--no-require-git', '--no-ignore-parent'] : base;
}

function linesOf(data: z.infer<typeof zLine>, match: boolean, wanted: (path: string) => boolean): GrepLine[] {
  const path = decode(data.path);
  if (!wanted(path)) return [];
  const text = decode(data.lines);
  const first = data.line_number ?? 1;
  const rows = text.replace(/\n$/, '').split('\n');
  const start = data.submatches[0]?.start ?? 0;
  // Offsets are bytes; only a long line needs to know the column.
  const column = text.length > 2_000 ? Buffer.from(text).subarray(0, start).toString('utf8').length : start;
  return rows.map((row, i) => ({ path, line: first + i, text: clipAround(row, i === 0 ? column : 0), match }));
}

function decode(value: z.infer<typeof zBytes>): string {
  return 'text' in value ? value.text : Buffer.from(value.bytes, 'base64').toString('utf8');
}

function badPattern(failure: string): ToolError {
  const next = /literal .*\\n.* not allowed/s.test(failure)
    ? 'To match over line ends, search with multiline.'
    : 'Correct the regular expression, or search for the text literally.';
  return new ToolError(`The pattern cannot be used: ${failure}`, next);
}

/** Runs ripgrep and hands over its records one by one, killing it when `take` has enough or the signal fires. */
function run(
  program: string,
  args: readonly string[],
  cwd: string,
  separator: string,
  signal: AbortSignal,
  take: (record: string) => boolean,
): Promise<{ readonly failure: string }> {
  throwIfAborted(signal);
  return new Promise((resolve, reject) => {
    const child: ChildProcessByStdio<null, Readable, Readable> = spawn(program, args, {
      cwd,
      env: childEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const decoder = new StringDecoder('utf8');
    let rest = '';
    let failure = '';
    let enough = false;
    let fault: unknown;
    const stop = () => {
      enough = true;
      child.kill('SIGKILL');
    };
    signal.addEventListener('abort', stop, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      if (enough) return;
      const records = (rest + decoder.write(chunk)).split(separator);
      rest = records.pop() ?? '';
      try {
        if (!records.every(take)) stop();
      } catch (error) {
        fault = error;
        stop();
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (failure.length < 4_000) failure += chunk.toString('utf8');
    });
    child.on('error', (error) => {
      fault = new ToolError(
        `${join(program)} could not be started: ${error.message}`,
        'Ask the user to check the setting plumb.ripgrepPath.',
      );
    });
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) reject(abortError());
      else if (fault !== undefined) reject(fault);
      // 1 means no match; 2 with nothing said means that some files could not be read.
      else resolve({ failure: !enough && code !== 0 && code !== 1 ? failure.trim() : '' });
    });
  });
}
