import type { Result } from './conversation';

/** Reads what tools answer. Every parser takes text as it comes and returns what it can find in it, never more. */

/** The text of a file out of `number, tab, line` rows; undefined when it could not be read. */
export function fileText(result: Result | undefined): string | undefined {
  if (!result || result.isError) return undefined;
  const rows = result.text.split('\n').map((line) => /^\s*(\d+)\t(.*)$/.exec(line));
  const lines = rows.flatMap((row) => (row ? [row[2] ?? ''] : []));
  if (lines.length > 0) return lines.join('\n');
  return / is empty\.$/.test(result.text.trim()) ? '' : undefined;
}

/** Paths out of a list of files; notes in brackets and sentences are no paths. */
export function paths(result: Result | undefined): readonly string[] {
  if (!result || result.isError) return [];
  return result.text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[^[\s(][^:]*$/.test(line) && !/\s\S+\s\S+\s/.test(line) && /[./\\]/.test(line) && !line.endsWith('.'));
}

export type Hit = { readonly path: string; readonly line: number; readonly text: string };

/** Hits of a search, whether each line names its file or stands under it. */
export function hits(result: Result | undefined): readonly Hit[] {
  if (!result || result.isError) return [];
  const found: Hit[] = [];
  let file = '';
  for (const row of result.text.split('\n')) {
    const whole = /^((?:[A-Za-z]:)?[^:\n]+?):(\d+):(?:\d+:)?\s?(.*)$/.exec(row);
    const under = /^\s*(\d+)(?::|\t)\s?(.*)$/.exec(row);
    if (under && file !== '') found.push({ path: file, line: Number(under[1]), text: under[2] ?? '' });
    else if (whole) found.push({ path: whole[1] ?? '', line: Number(whole[2]), text: whole[3] ?? '' });
    else if (/^\S.*[^\s.,:]:?$/.test(row) && !row.startsWith('[')) file = row.replace(/:$/, '');
  }
  return found;
}

export type Problem = { readonly path: string; readonly line: number; readonly severity: string; readonly message: string };

/** Problems that a language server reported, in an edit's result or in a list of them. */
export function problems(text: string): readonly Problem[] {
  return text.split('\n').flatMap((row) => {
    const match = /^\s*(\S.*?):(\d+):\d+:?\s+(error|warning)\b\s*(?:\[[^\]]*\]\s*)?(.*)$/.exec(row);
    return match ? [{ path: match[1] ?? '', line: Number(match[2]), severity: match[3] ?? '', message: match[4] ?? '' }] : [];
  });
}

/** Problems that an edit brought in: errors only, since a warning need not be undone. */
export function newErrors(result: Result): readonly Problem[] {
  const at = result.text.search(/^\d+ new problems?\b/m);
  return at < 0 ? [] : problems(result.text.slice(at)).filter(({ severity }) => severity === 'error');
}

export type Denial = { readonly reason: string; readonly byUser: boolean };

/** Whether the call was not allowed, and what was said about it. */
export function denial(result: Result | undefined): Denial | undefined {
  if (!result?.isError) return undefined;
  const text = result.text.trim();
  // It has run, so nobody stood in its way, whatever it printed.
  if (/\[(Exit code|Ended by|Stopped after) .*\]$/.test(text)) return undefined;
  const said = /^The user denied this call and said: ([\s\S]*)$/.exec(text)?.[1];
  if (said !== undefined) return { reason: said.trim(), byUser: true };
  if (/^The user denied this call/.test(text)) return { reason: '', byUser: true };
  // The wording of rules and modes is theirs; that a call was stopped by one is all that must be seen here.
  return /\b(den(?:y|ies|ied)|not allowed|not permitted|plan mode|mode: plan|refuses|forbid|needs? permission|read-only|trusted|critical)\b/i.test(
    text,
  )
    ? { reason: text, byUser: false }
    : undefined;
}

/** The user's undoing of a change to this file, as the harness reports it. */
export function undone(notices: readonly string[], path: string): string | undefined {
  return notices.find((notice) => /\bundid\b/.test(notice) && notice.includes(path));
}

export type Manifest = {
  readonly name: string;
  readonly description: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly entry: readonly string[];
  readonly dependencies: readonly string[];
};

/** package.json, as far as it can be read. */
export function manifest(text: string | undefined): Manifest | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const { name, description, scripts, main, bin, dependencies } = record(value);
  return {
    name: string(name),
    description: string(description),
    scripts: Object.fromEntries(Object.entries(record(scripts)).map(([key, script]) => [key, string(script)])),
    entry: [string(main), ...(typeof bin === 'string' ? [bin] : Object.values(record(bin)).map(string))].filter(Boolean),
    dependencies: Object.keys(record(dependencies)),
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
