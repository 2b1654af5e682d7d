import type { Call } from './play';

/** What a job may count on: which tools there are, the words of the user and the folder. */
export type Scene = {
  readonly text: string;
  readonly root: string;
  /** What to say of edits that wait for a review; empty where nobody reviews. */
  readonly review: string;
  has(tool: string): boolean;
  /** What the request says about a tool. */
  about(tool: string): string;
};

export const readFile = (path: string): Call => ({ name: 'read_file', input: { path } });
export const glob = (pattern: string): Call => ({ name: 'glob', input: { pattern } });
export const grep = (pattern: string, path?: string): Call => ({ name: 'grep', input: path ? { pattern, path } : { pattern } });
export const shell = (command: string): Call => ({ name: 'shell', input: { command } });
export const diagnostics = (path?: string): Call => ({ name: 'diagnostics', input: path ? { path } : {} });

export type TextEdit = { readonly old_text: string; readonly new_text: string };
export const editFile = (path: string, edits: readonly TextEdit[]): Call => ({ name: 'edit_file', input: { path, edits } });

/** A path as people name it: without the workspace folder. */
export function shortPath(path: string, root: string): string {
  const plain = path.replace(/^file:\/\//, '');
  // Programs may name the folder by where its links lead, such as /private/tmp for /tmp.
  const at = root === '' ? -1 : plain.indexOf(`${root}/`);
  return at < 0 ? plain : plain.slice(at + root.length + 1);
}

/** `a`, `b` and `c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}

/** Text as a quotation in Markdown. */
export function quote(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}
