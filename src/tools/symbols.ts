import { z } from 'zod';
import { ToolError } from '../core/errors';
import type { SymbolInfo, Symbols } from '../core/ports/language';
import { clipLine, count, splitLines } from '../core/text/lines';
import { defineTool, type Judging, type ToolContext, type ToolOutput } from '../core/tool';
import type { Place } from '../protocol/display';
import { locateSymbol } from './locate-symbol';
import { assessPaths, existingFile, shownPath } from './paths';
import { applyRename, planRename, previewRename } from './rename-symbol';

const LIMIT = 200;

const zInput = z.strictObject({
  action: z.enum(['definition', 'references', 'hover', 'document', 'workspace', 'rename']),
  path: z.string().optional(),
  line: z.number().int().min(1).max(1e9).optional().describe('where symbol stands'),
  symbol: z.string().optional().describe('its name as written'),
  query: z.string().optional().describe('for workspace'),
  new_name: z.string().optional().describe('for rename'),
});
type Input = z.infer<typeof zInput>;

export const symbols = defineTool({
  name: 'symbols',
  description:
    'Ask the language servers. definition, references, hover and rename take path, symbol and, if you know it, line; document outlines the file path; workspace finds declarations by name. rename changes every file that uses the symbol.',
  input: zInput,
  safety: { destructive: false },
  available: (ports) => (ports.symbols ? true : 'this host runs no language servers'),
  reach: 'named',
  summarize: ({ action, symbol, query, path, new_name }) => ({
    title: TITLES[action],
    detail: [symbol ?? query ?? path ?? '', action === 'rename' && new_name ? `to ${new_name}` : ''].filter(Boolean).join(' '),
  }),
  async assess(input, around) {
    const where = input.path || around.facts.cwd;
    if (input.action !== 'rename') {
      const judged = await assessPaths(around, 'read_only', 'asks the language server', [{ path: where, access: 'read' }]);
      return { ...judged, safety: { readOnly: true, concurrencySafe: true, retrySafe: true } };
    }
    const planned = await plannedPaths(input, around);
    return assessPaths(
      around,
      'mutating',
      'renames a symbol in this file',
      (planned ?? [where]).map((path) => ({ path, access: 'write' })),
    );
  },
  async preview(input, context) {
    return input.action === 'rename' ? previewRename(input, provider(context), context) : undefined;
  },
  async run(input, context) {
    const symbols = provider(context);
    const { action } = input;
    switch (action) {
      case 'definition':
        return places(await symbols.definition(await locateSymbol(input, symbols, context), context.signal), 'definition', input, context);
      case 'references':
        return places(await symbols.references(await locateSymbol(input, symbols, context), context.signal), 'reference', input, context);
      case 'hover': {
        const text = await symbols.hover(await locateSymbol(input, symbols, context), context.signal);
        return { content: text || `The language server says nothing about ${input.symbol}.`, summary: text ? 'Shown' : 'Nothing known' };
      }
      case 'document':
        return outline(input, symbols, context);
      case 'workspace':
        return search(input, symbols, context);
      case 'rename':
        return applyRename(input, symbols, context);
      default:
        return action satisfies never;
    }
  },
});

const TITLES: Readonly<Record<Input['action'], string>> = {
  definition: 'Find definition',
  references: 'Find references',
  hover: 'Look up',
  document: 'Outline',
  workspace: 'Find symbol',
  rename: 'Rename symbol',
};

function provider(context: ToolContext): Symbols {
  if (context.ports.symbols) return context.ports.symbols;
  throw new ToolError('No language servers run here.', 'Use grep instead.');
}

/** The files that a rename would change, for the prompt; undefined when it cannot be planned: running it then says why. */
async function plannedPaths(input: Input, around: Judging): Promise<readonly string[] | undefined> {
  if (!around.ports.symbols) return undefined;
  const planning = { ...around, signal: AbortSignal.timeout(PLAN_MS) };
  try {
    return (await planRename(input, around.ports.symbols, planning)).map(({ before }) => before.path);
  } catch (error) {
    if (error instanceof ToolError || planning.signal.aborted) return undefined;
    throw error;
  }
}

const PLAN_MS = 15_000;
async function places(found: readonly Place[], noun: string, input: Input, context: ToolContext): Promise<ToolOutput> {
  if (found.length === 0) {
    return { content: `The language server knows no ${noun} of ${input.symbol}. grep finds it as text.`, summary: `No ${noun}s` };
  }
  const roots = context.ports.documents.roots();
  const shown = await withText(found.slice(0, LIMIT), context);
  const more = found.length > LIMIT ? `\n[${found.length - LIMIT} more]` : '';
  const rows = shown.map((p) => `${shownPath(p.path, roots)}:${p.line}${p.text ? `: ${clipLine(p.text.trim(), 200)}` : ''}`);
  return {
    content: rows.join('\n') + more,
    summary: count(found.length, noun),
    display: { kind: 'places', places: shown, total: found.length },
  };
}

/** Adds the line of each place, read once a file; a file that cannot be read goes without. */
async function withText(found: readonly Place[], { ports, signal }: ToolContext): Promise<Place[]> {
  const texts = new Map<string, readonly string[]>();
  const out: Place[] = [];
  for (const place of found) {
    if (place.text === undefined && !texts.has(place.path)) texts.set(place.path, await linesOrNone(place.path, ports, signal));
    out.push({ ...place, text: place.text ?? texts.get(place.path)?.[place.line - 1] });
  }
  return out;
}

async function linesOrNone(path: string, ports: ToolContext['ports'], signal: AbortSignal): Promise<readonly string[]> {
  try {
    return splitLines((await ports.documents.readText(path, signal)).text);
  } catch (error) {
    if (error instanceof ToolError) return [];
    throw error;
  }
}

async function outline(input: Input, symbols: Symbols, context: ToolContext): Promise<ToolOutput> {
  if (!input.path) throw new ToolError('The action document needs path.', 'Name the file to outline.');
  const file = await existingFile(input.path, context);
  const found = await symbols.inFile(file.path, context.signal);
  if (found.length === 0)
    return { content: `The language server knows no symbols in ${input.path}. read_file shows the text.`, summary: 'No symbols' };
  return listed(found, (s) => `${s.line}: ${described(s)}`);
}

async function search(input: Input, symbols: Symbols, context: ToolContext): Promise<ToolOutput> {
  const query = input.query ?? input.symbol;
  if (!query) throw new ToolError('The action workspace needs query.', 'Give a name or the beginning of one.');
  const found = await symbols.inWorkspace(query, context.signal);
  if (found.length === 0) return { content: `No symbol is called ${query}. grep finds text.`, summary: 'No symbols' };
  const roots = context.ports.documents.roots();
  return listed(found, (s) => `${shownPath(s.path, roots)}:${s.line}: ${described(s)}`);
}

function listed(found: readonly SymbolInfo[], row: (symbol: SymbolInfo) => string): ToolOutput {
  const shown = found.slice(0, LIMIT);
  const more = found.length > LIMIT ? `\n[${found.length - LIMIT} more]` : '';
  return {
    content: shown.map(row).join('\n') + more,
    summary: count(found.length, 'symbol'),
    display: {
      kind: 'places',
      places: shown.map(({ path, line, column, name }) => ({ path, line, column, text: name })),
      total: found.length,
    },
  };
}

const described = (s: SymbolInfo) => `${s.kind} ${s.name}${s.container ? ` in ${s.container}` : ''}`;
