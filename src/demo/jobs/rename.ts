import { all, type Call, type Job, one } from '../play';
import { denial, fileText, type Hit, hits, problems } from '../reading';
import { count, diagnostics, editFile, grep, list, quote, readFile, type Scene, shortPath, type TextEdit } from '../scene';
import { linesOf } from '../source';

/** Renames a symbol everywhere: through the language server where it can, by edits for the rest. */

const NAME = /^[A-Za-z_$][\w$]*$/;
const MOST_FILES = 20;
const DEFINES = (name: string) => new RegExp(`\\b(?:function\\*?|class|const|let|var|type|interface|enum)\\s+${literal(name)}(?![\\w$])`);

/** `rename formatMoney to formatPrice`, in the words that people use for it. */
function wantedRename(text: string): { readonly from: string; readonly to: string } | undefined {
  const match =
    /\brename\s+(?:the\s+)?(?:(?:function|variable|constant|class|symbol|method|type)\s+)?[`'"]?([\w$]+)[`'"]?(?:\(\))?\s+(?:to|into|as|->)\s+[`'"]?([\w$]+)/i.exec(
      text,
    );
  return match ? { from: match[1] ?? '', to: match[2] ?? '' } : undefined;
}

export function* rename(scene: Scene): Job {
  const wanted = wantedRename(scene.text);
  if (!wanted || !NAME.test(wanted.from) || !NAME.test(wanted.to)) {
    return { text: 'Tell me both names and I rename it everywhere, for example: *Rename `formatMoney` to `formatPrice`.*' };
  }
  const { from, to } = wanted;
  const [uses, clash] = yield* all([grep(word(from)), grep(word(to))], {
    thinking: `Where is ${from} used, and is ${to} still free?`,
    text: `I look where \`${from}\` is used, and whether \`${to}\` is free.`,
  });
  const found = inOrder(hits(uses), scene);
  if (found.length === 0)
    return { text: `Nothing here is called \`${from}\`, so there is nothing to rename.${uses?.isError ? ` (${uses.text})` : ''}` };
  const taken = hits(clash)[0];
  if (taken)
    return {
      text: `\`${to}\` is already in use, first in \`${shortPath(taken.path, scene.root)}:${taken.line}\`. I changed nothing: choose another name, or tell me that the two should become one.`,
    };

  const definition = found.find(({ text }) => DEFINES(from).test(text));
  let byServer = '';
  if (definition && scene.has('symbols')) {
    const answer = yield* one(symbolRename(definition, from, to), {
      thinking: `${from} is defined in ${definition.path}:${definition.line}. The language server knows which uses are really meant.`,
      text: `It is defined in \`${definition.path}:${definition.line}\`. I let the language server rename it.`,
    });
    const refused = denial(answer);
    if (refused) return { text: refusedText(from, to, refused.reason) };
    if (!answer.isError) byServer = 'The language server renamed the symbol.';
  }
  const left =
    byServer === ''
      ? found
      : inOrder(hits(yield* one(grep(word(from)), { text: 'What is left? Text and comments are nothing that it knows.' })), scene);
  const edited = yield* editRest(scene, left, from, to);
  if (edited.refused !== undefined) return { text: `${byServer} ${refusedText(from, to, edited.refused)}`.trim() };

  const checks: Call[] = [grep(word(from)), grep(word(to)), ...(scene.has('diagnostics') ? [diagnostics()] : [])];
  const [still, now, state] = yield* all(checks, { text: 'I check what is there now.' });
  return {
    text: report(scene, {
      from,
      to,
      byServer,
      edited: edited.files,
      still: hits(still),
      now: hits(now),
      errors: problems(state?.text ?? '').filter(({ severity }) => severity === 'error').length,
    }),
  };
}

/** Reads each file that still has the old name and replaces it there, whole words only. */
function* editRest(scene: Scene, left: readonly Hit[], from: string, to: string): Job<{ files: readonly string[]; refused?: string }> {
  const files = [...new Set(left.map(({ path }) => path))].slice(0, MOST_FILES);
  if (files.length === 0) return { files: [] };
  const texts = yield* all(files.map(readFile), { text: `I read ${count(files.length, 'file')} with it.` });
  const edits = files.flatMap((path, index) => {
    const text = fileText(texts[index]);
    const changes = text === undefined ? [] : editsIn(text, from, to);
    return changes.length > 0 ? [{ path, call: editFile(path, changes) }] : [];
  });
  const results = yield* all(
    edits.map(({ call }) => call),
    { text: `I replace it in ${list(edits.map(({ path }) => `\`${shortPath(path, scene.root)}\``))}.` },
  );
  const refused = results.map(denial).find((found) => found !== undefined);
  const landed = edits.filter((_, index) => results[index] && !results[index].isError).map(({ path }) => path);
  return refused && landed.length === 0 ? { files: [], refused: refused.reason } : { files: landed };
}

/** One edit for each stretch of changed lines, wide enough to be the only one of its kind. */
function editsIn(text: string, from: string, to: string): readonly TextEdit[] {
  const whole = new RegExp(`(?<![\\w$])${literal(from)}(?![\\w$])`, 'g');
  const lines = text.split('\n');
  const edits: TextEdit[] = [];
  let done = 0;
  lines.forEach((line, index) => {
    if (index < done || line.search(whole) < 0) return;
    let [start, end] = [index, index];
    const once = () => text.split(linesOf(text, start + 1, end + 1)).length === 2;
    while (!once() && (start > done || end < lines.length - 1)) {
      if (start > done) start -= 1;
      if (!once() && end < lines.length - 1) end += 1;
    }
    const before = linesOf(text, start + 1, end + 1);
    edits.push({ old_text: before, new_text: before.replace(whole, to) });
    done = end + 1;
  });
  return edits;
}

function symbolRename({ path, line }: Hit, symbol: string, newName: string): Call {
  return { name: 'symbols', input: { action: 'rename', path, line, symbol, new_name: newName } };
}

type Done = {
  readonly from: string;
  readonly to: string;
  readonly byServer: string;
  readonly edited: readonly string[];
  readonly still: readonly Hit[];
  readonly now: readonly Hit[];
  readonly errors: number;
};

function report(scene: Scene, { from, to, byServer, edited, still, now, errors }: Done): string {
  const files = [...new Set(now.map(({ path }) => shortPath(path, scene.root)))];
  const where = files.map((path) => `\`${path}\` (${now.filter((hit) => shortPath(hit.path, scene.root) === path).length})`);
  return [
    `\`${from}\` is \`${to}\` now: ${count(now.length, 'line')} in ${count(files.length, 'file')}: ${list(where)}.`,
    byServer === ''
      ? ''
      : `${byServer}${edited.length > 0 ? ` The rest, which is text to it, I edited in ${list(edited.map((path) => `\`${shortPath(path, scene.root)}\``))}.` : ''}`,
    still.length > 0
      ? `It is still called \`${from}\` in ${list([...new Set(still.map(({ path }) => `\`${shortPath(path, scene.root)}\``))])}.`
      : '',
    errors > 0 ? `The language servers report ${count(errors, 'error')} in the workspace.` : '',
    scene.review.trim(),
  ]
    .filter(Boolean)
    .join(' ');
}

function refusedText(from: string, to: string, reason: string): string {
  return `I was not allowed to rename \`${from}\` to \`${to}\`, so it keeps its name.${reason === '' ? '' : `\n\n${quote(reason)}`}`;
}

function inOrder(found: readonly Hit[], scene: Scene): readonly Hit[] {
  return found
    .map((hit) => ({ ...hit, path: shortPath(hit.path, scene.root) }))
    .filter(({ path }) => !/(?:^|\/)(?:node_modules|dist|build|out)\//.test(path));
}

function word(name: string): string {
  return `\\b${literal(name)}\\b`;
}

function literal(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
