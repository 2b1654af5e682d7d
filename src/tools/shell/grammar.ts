import type { Node, Parser } from 'web-tree-sitter';
import type { SimpleCommand } from './split';

/** Bytes of a file shipped beside the bundle. */
export type Asset = (name: string) => Promise<Uint8Array>;

/** The bash grammar, as a second opinion: our own tokenizer is believed only where both see the same commands. */
export type Grammar = {
  /** True when the grammar finds exactly these commands with exactly these words. */
  agrees(source: string, commands: readonly SimpleCommand[]): boolean;
  /** The text of every command found anywhere, also inside substitutions; undefined when the text does not parse. */
  commandsIn(source: string): readonly string[] | undefined;
};

let loading: Promise<Grammar> | undefined;

/** Loaded once, on the first command; a failed load is tried again on the next. */
export function loadGrammar(asset: Asset): Promise<Grammar> {
  loading ??= load(asset).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(asset: Asset): Promise<Grammar> {
  const { Language, Parser: Wasm } = await import('web-tree-sitter');
  // The bytes are handed over, so that no bundle has to find a file by its own address.
  await Wasm.init({ wasmBinary: await asset('web-tree-sitter.wasm'), locateFile: (name: string) => name });
  const language = await Language.load(await asset('tree-sitter-bash.wasm'));
  const parser = new Wasm();
  parser.setLanguage(language);
  return {
    agrees: (source, commands) => withTree(parser, source, false, (root) => !root.hasError && same(spansIn(root), commands)),
    commandsIn: (source) =>
      withTree(parser, source, undefined, (root) => {
        if (root.hasError) return undefined;
        return root.descendantsOfType('command').flatMap((node) => (node ? [node.text] : []));
      }),
  };
}

function withTree<T>(parser: Parser, source: string, fallback: T, use: (root: Node) => T): T {
  const tree = parser.parse(source);
  if (!tree) return fallback;
  try {
    return use(tree.rootNode);
  } finally {
    tree.delete();
  }
}

type Span = readonly [number, number];
/** Commands whose inside the grammar structures its own way are compared by where they begin. */
type Found = { readonly spans: Span[]; readonly whole: boolean };

/** The commands of a tree made of known nodes only; undefined as soon as it holds anything else. */
function spansIn(root: Node): readonly Found[] | undefined {
  const found: Found[] = [];
  return walk(root, found) ? found : undefined;
}

function walk(node: Node, found: Found[]): boolean {
  switch (node.type) {
    case 'program':
    case 'list':
    case 'pipeline':
    case 'subshell':
    case 'negated_command':
      return named(node).every((child) => walk(child, found));
    case 'comment':
      return true;
    case 'command':
      return command(node, found);
    case 'variable_assignment':
    case 'variable_assignments':
    case 'declaration_command':
    case 'unset_command':
    case 'test_command':
      found.push({ spans: [[node.startIndex, node.endIndex]], whole: true });
      return true;
    case 'redirected_statement':
      return redirected(node, found);
    default:
      return false;
  }
}

function command(node: Node, found: Found[]): boolean {
  const spans: Span[] = [];
  for (const child of named(node)) {
    if (child.type === 'file_redirect') spans.push(...destinations(child));
    else if (/^(?:herestring|heredoc)/.test(child.type)) return false;
    else spans.push([child.startIndex, child.endIndex]);
  }
  found.push({ spans, whole: false });
  return true;
}

function redirected(node: Node, found: Found[]): boolean {
  const children = named(node);
  const redirects = children.filter((child) => child.type === 'file_redirect');
  const bodies = children.filter((child) => child.type !== 'file_redirect');
  if (bodies.length > 1 || bodies.some((body) => body.type === 'subshell')) return false;
  if (!bodies.every((body) => walk(body, found))) return false;
  if (bodies.length === 0) found.push({ spans: [], whole: false });
  // The file belongs to the last command of the body.
  found.at(-1)?.spans.push(...redirects.flatMap(destinations));
  return true;
}

function destinations(redirect: Node): Span[] {
  return redirect.childrenForFieldName('destination').flatMap((node) => (node ? [[node.startIndex, node.endIndex] satisfies Span] : []));
}

function named(node: Node): Node[] {
  return node.namedChildren.filter((child) => child !== null);
}

function same(found: readonly Found[] | undefined, commands: readonly SimpleCommand[]): boolean {
  if (!found || found.length !== commands.length) return false;
  return found.every((one, i) => {
    const ours = commands[i]?.spans ?? [];
    const theirs = [...one.spans].sort((a, b) => a[0] - b[0]);
    if (one.whole) return ours[0]?.[0] === theirs[0]?.[0];
    return ours.length === theirs.length && ours.every(([start, end], k) => start === theirs[k]?.[0] && end === theirs[k]?.[1]);
  });
}
