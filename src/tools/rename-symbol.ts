import { messageOf, ToolError } from '../core/errors';
import type { AppliedChange, TextSnapshot } from '../core/ports';
import type { Symbols } from '../core/ports/language';
import { changedLines, fileDiff } from '../core/text/diff';
import { count, namedLines } from '../core/text/lines';
import type { ToolContext, ToolOutput } from '../core/tool';
import type { Display } from '../protocol/display';
import { freshness } from './landing';
import { locateSymbol, type SymbolQuery } from './locate-symbol';
import { type Reach, shownPath } from './paths';

export type RenameQuery = SymbolQuery & { readonly new_name?: string };
type FileRename = { readonly before: TextSnapshot; readonly text: string };

/** What the language server would change, file by file; nothing is written. @throws ToolError */
export async function planRename(query: RenameQuery, symbols: Symbols, context: Reach): Promise<readonly FileRename[]> {
  const { documents } = context.ports;
  const name = query.new_name?.trim();
  if (!name) throw new ToolError('A rename needs new_name.', 'Send the call again with new_name.');
  if (name === query.symbol) throw new ToolError('new_name is the name that it has.', 'Give another name.');
  const at = await locateSymbol(query, symbols, context);
  const planned: FileRename[] = [];
  for (const { path, text } of await symbols.rename(at, name, context.signal)) {
    const resolved = await documents.resolve(path);
    if (!resolved.inside) {
      throw new ToolError(
        `The rename would change ${path}, which lies outside of the workspace; nothing was changed.`,
        'Rename only symbols that this project declares.',
      );
    }
    const before = { ...(await documents.readText(resolved.path, context.signal)), path: resolved.path };
    if (before.text !== text) planned.push({ before, text });
  }
  if (planned.length === 0) {
    throw new ToolError(
      `The language server offers no rename for ${query.symbol} there.`,
      'Check line and symbol, or change each place with grep and edit_file.',
    );
  }
  return planned;
}

export async function previewRename(query: RenameQuery, symbols: Symbols, context: Reach): Promise<Display> {
  const planned = await planRename(query, symbols, context);
  return {
    kind: 'diff',
    files: planned.map(({ before, text }) => fileDiff({ path: before.path, kind: 'edit', before: before.text, after: text })),
  };
}

/** Applies the rename in every file; one that changed meanwhile stops it there, and the result says how far it came. */
export async function applyRename(query: RenameQuery, symbols: Symbols, context: ToolContext): Promise<ToolOutput> {
  const { documents } = context.ports;
  const roots = documents.roots();
  const planned = await planRename(query, symbols, context);
  const changes: AppliedChange[] = [];
  const files: Record<string, string> = {};
  const rows: string[] = [];
  let failure = '';
  for (const { before, text } of planned) {
    const known = freshness(before, context) === 'fresh';
    const shown = shownPath(before.path, roots);
    try {
      const change = await documents.edit(before.path, whenSame(before.text, text, shown), context.signal);
      changes.push(change);
      if (known && change.after === text) files[before.path] = change.hash;
      rows.push(`${shown}: ${namedLines(changedLines(before.text, text))}${change.after === text ? '' : ' (and changed further on save)'}`);
    } catch (error) {
      if (changes.length === 0 || context.signal.aborted) throw error;
      const rest = planned.slice(changes.length).map((p) => shownPath(p.before.path, roots));
      failure = `\nIt stopped there: ${messageOf(error)} Not renamed yet: ${rest.join(', ')}. Rename again from a place that still has the old name, or edit these files.`;
      break;
    }
  }
  const tally = count(changes.length, 'file');
  return {
    content: `Renamed ${query.symbol} to ${query.new_name} in ${tally}:\n${rows.join('\n')}${failure}`,
    summary: failure ? `Renamed in ${changes.length} of ${planned.length} files` : `Renamed in ${tally}`,
    ...(failure ? { failed: true } : {}),
    display: { kind: 'diff', files: changes.map(fileDiff) },
    changes,
    files,
  };
}

function whenSame(expected: string, text: string, shown: string): (current: string) => string {
  return (current) => {
    if (current === expected) return text;
    throw new ToolError(`${shown} was changed by somebody else meanwhile.`, 'Send the rename again.');
  };
}
