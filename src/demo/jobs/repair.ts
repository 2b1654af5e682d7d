import { type Candidate, candidates, type Suspect } from '../candidates';
import { all, type Call, type Job, one } from '../play';
import { denial, fileText, hits, newErrors, type Problem, problems, undone } from '../reading';
import { count, diagnostics, editFile, grep, list, quote, readFile, type Scene, shell, shortPath, type TextEdit } from '../scene';
import { callAt, definitionsIn, importsIn, importTarget, linesOf, namesIn } from '../source';
import { type Failure, readTestReport, type TestReport } from '../test-report';
import { reconnect } from './reconnect';

export type Repaired =
  | { readonly kind: 'mended'; readonly text: string; readonly report: TestReport }
  | { readonly kind: 'stopped'; readonly text: string };

type File = { readonly path: string; readonly text: string };
/** Guesses that are tried before giving up. */
const MOST_TRIES = 10;

/** Mends the first failing test of a report, or says how far it came. */
export function* repair(scene: Scene, report: TestReport, command: string, progress: (step: number) => readonly Call[]): Job<Repaired> {
  const missing = report.missing[0];
  if (missing) return yield* reconnect(scene, missing, command);
  const failure = report.failures[0];
  if (!failure) return { kind: 'stopped', text: 'The output names no failing test, so I do not know where to look.' };

  const { test, sources, known } = yield* evidence(scene, failure, progress(1));
  if (!test) return { kind: 'stopped', text: `${told(failure)} I could not read that test file, so I stop here.` };
  const suspects = suspectsOf(test, sources, failure);
  const guesses = candidates(suspects, failure, known).slice(0, MOST_TRIES);
  const first = guesses[0];
  if (!first) {
    const read = sources.map(({ path }) => `\`${shortPath(path, scene.root)}\``);
    return {
      kind: 'stopped',
      text: `${told(failure)} I read ${read.length > 0 ? list(read) : 'the test'}, but found no small change that could mend it. This demo only knows small ones.`,
    };
  }
  return yield* attempt(scene, failure, report, guesses, command, progress);
}

/** The test itself, the files it imports and, if they are few, what those import in turn. */
function* evidence(
  scene: Scene,
  failure: Failure,
  also: readonly Call[],
): Job<{ test: File | undefined; sources: readonly File[]; known: readonly Problem[] }> {
  const testPath = yield* place(scene, failure);
  const [testResult] = yield* all([readFile(testPath), ...also], {
    thinking: `${told(failure)} I read the test to see what it calls.`,
    text: told(failure),
  });
  const text = fileText(testResult);
  if (text === undefined) return { test: undefined, sources: [], known: [] };
  const test: File = { path: testPath, text };

  const direct = targets(test);
  const checks = scene.has('diagnostics') ? [diagnostics()] : [];
  const results = yield* all([...direct.map(readFile), ...checks], {
    text: `It tests ${list(direct.map((path) => `\`${shortPath(path, scene.root)}\``))}.`,
  });
  const near = filesOf(direct, results);
  const known = problems(results[direct.length]?.text ?? '');

  const further = [...new Set(near.flatMap(targets))].filter((path) => !direct.includes(path) && path !== testPath).slice(0, 4);
  const far = filesOf(further, yield* all(further.map(readFile), { thinking: 'What these files use may be to blame as well.' }));
  return { test, sources: [...near, ...far], known };
}

/** Where the output says that the test is; searched for by its name when it does not. */
function* place(scene: Scene, failure: Failure): Job<string> {
  if (failure.file !== '') return shortPath(failure.file, scene.root);
  const found = yield* one(grep(failure.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')), {
    text: 'The output does not say where that test is, so I search for its name.',
  });
  return hits(found)[0]?.path ?? '';
}

function targets(file: File): readonly string[] {
  return importsIn(file.text)
    .flatMap(({ from }) => importTarget(file.path, from) ?? [])
    .slice(0, 6);
}

function filesOf(paths: readonly string[], results: readonly { text: string; isError: boolean; interrupted: boolean }[]): readonly File[] {
  return paths.flatMap((path, index) => {
    const text = fileText(results[index]);
    return text === undefined ? [] : [{ path, text }];
  });
}

/** What the test names, then what that uses in turn. */
function suspectsOf(test: File, sources: readonly File[], failure: Failure): readonly Suspect[] {
  const body = callAt(test.text, Math.max(1, failure.line));
  const all = sources.flatMap((file) => definitionsIn(file.text).map((definition) => ({ ...file, definition })));
  const used = (code: string) => {
    const names = namesIn(code);
    return all.filter(({ definition }) => names.has(definition.name));
  };
  const direct = used(body);
  const reached = [...direct];
  for (const suspect of reached) {
    const code = linesOf(suspect.text, suspect.definition.from + (suspect.definition.kind === 'constant' ? 0 : 1), suspect.definition.to);
    for (const next of used(code)) if (!reached.includes(next)) reached.push(next);
  }
  return reached.map((suspect) => ({ ...suspect, direct: direct.includes(suspect) }));
}

function* attempt(
  scene: Scene,
  failure: Failure,
  before: TestReport,
  guesses: readonly Candidate[],
  command: string,
  progress: (step: number) => readonly Call[],
): Job<Repaired> {
  const tried: string[] = [];
  for (const [index, guess] of guesses.entries()) {
    const at = `${shortPath(guess.path, scene.root)}:${guess.line}`;
    const { results, notices } = yield {
      thinking: index === 0 ? `The likeliest cause is ${at}: ${guess.why}.` : `That was not it. Next: ${at}, where ${guess.why}.`,
      text: `${index === 0 ? 'I change' : 'I try'} \`${at}\`: ${guess.why}.`,
      calls: [editFile(guess.path, [replacing(guess)]), ...(index === 0 ? progress(2) : [])],
    };
    const edit = results[0];
    const refused = denial(edit);
    if (refused) return { kind: 'stopped', text: refusedText(failure, guess, at, refused.reason) };
    if (!edit || edit.isError) {
      tried.push(at);
      continue;
    }
    const objection = undone(notices, guess.path);
    if (objection) return { kind: 'stopped', text: `You undid my change of \`${at}\`, so I leave it at that.\n\n${quote(objection)}` };

    const broken = newErrors(edit);
    if (broken.length > 0) {
      yield* takeBack(guess, `The language server objects: ${broken[0]?.message ?? ''} So that is not the way; I take the change back.`);
      tried.push(at);
      continue;
    }
    const run = yield* one(shell(command), { text: index === 0 ? 'Now the tests again.' : 'The tests again.' });
    const after = readTestReport(run.text);
    const halted = after.ran ? undefined : denial(run);
    if (halted) {
      const reason = halted.reason === '' ? '' : `\n\n${quote(halted.reason)}`;
      return {
        kind: 'stopped',
        text: `I changed \`${at}\` (${guess.why}), but was not allowed to run the tests again, so I can not say whether it helps.${reason}`,
      };
    }
    if (
      after.ran &&
      after.failed < before.failed &&
      !after.failures.some((other) => other.name === failure.name && other.line === failure.line)
    ) {
      return { kind: 'mended', report: after, text: mendedText(failure, guess, at, tried.length) };
    }
    tried.push(at);
    yield* takeBack(guess, 'That does not help. I take the change back before I try another.');
  }
  const where = [...new Set(tried)].map((at) => `\`${at}\``);
  return {
    kind: 'stopped',
    text: `${told(failure)} I tried ${count(tried.length, 'small change')} (${list(where)}), none of which mends it, and took each of them back. It needs a real model, or you.`,
  };
}

function* takeBack(guess: Candidate, text: string): Job<void> {
  const { old_text, new_text } = replacing(guess);
  yield* one(editFile(guess.path, [{ old_text: new_text, new_text: old_text }]), { text });
}

/** The changed line, with as many lines above it as it takes to tell it from others like it. */
function replacing({ text, line, before, after }: Candidate): TextEdit {
  let from = line;
  while (from > 1 && text.split(linesOf(text, from, line)).length > 2) from -= 1;
  const above = from < line ? `${linesOf(text, from, line - 1)}\n` : '';
  return { old_text: above + before, new_text: above + after };
}

function told(failure: Failure): string {
  const name = failure.name === '' ? 'A test' : `The test \`${failure.name}\``;
  const { expected, actual, message } = failure;
  if (expected !== undefined && actual !== undefined) return `${name} expects \`${expected}\` and gets \`${actual}\`.`;
  return `${name} fails${message ? `: ${message}` : ''}.`;
}

function mendedText(failure: Failure, guess: Candidate, at: string, tried: number): string {
  const luck = tried > 0 ? ` (${count(tried, 'other guess did not help and is', 'other guesses did not help and are')} taken back.)` : '';
  return `${told(failure)} The cause is in \`${at}\`: ${guess.why}.${luck}\n\n\`\`\`diff\n- ${guess.before.trim()}\n+ ${guess.after.trim()}\n\`\`\``;
}

function refusedText(failure: Failure, guess: Candidate, at: string, reason: string): string {
  const said = reason === '' ? 'You did not allow the edit.' : `The edit was not allowed:\n\n${quote(reason)}`;
  return `${told(failure)} I would change \`${at}\`, because ${guess.why}:\n\n\`\`\`diff\n- ${guess.before.trim()}\n+ ${guess.after.trim()}\n\`\`\`\n\n${said}\n\nI changed nothing.`;
}
