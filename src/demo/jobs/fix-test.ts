import { all, type Call, type Job, one } from '../play';
import { denial, fileText, manifest, paths } from '../reading';
import { count, glob, list, quote, readFile, type Scene, shell, shortPath } from '../scene';
import { readTestReport, type TestReport } from '../test-report';
import { repair } from './repair';

/** Finds out which test fails, why, and mends it: every step decided by what the step before has shown. */

const STEPS = ['See which test fails', 'Find the cause', 'Mend it', 'Run the tests again'];
/** Failing tests that are worked on, one after the other. */
const MOST_ROUNDS = 4;

export function* fixTests(scene: Scene): Job {
  if (!scene.has('shell')) return { text: withoutShell() };
  const [packageFile, testFiles] = yield* all([readFile('package.json'), glob('**/*.{test,spec}.*'), ...progress(scene, 0)], {
    thinking: 'Before I touch anything I want to see the failure itself. How does this project run its tests?',
    text: 'I look at how the tests are run.',
  });
  const scripts = manifest(fileText(packageFile))?.scripts ?? {};
  const tests = paths(testFiles);
  if (!scripts.test && tests.length === 0) {
    return {
      text: 'I found neither a `test` script in `package.json` nor a file that looks like a test, so there is nothing here that I could run and mend.',
    };
  }
  const command = scripts.test ? 'npm test' : 'node --test';

  const first = yield* one(shell(command), {
    thinking: scripts.test
      ? `The \`test\` script is \`${scripts.test}\`.`
      : 'There is no `test` script, but there are test files: Node can run them.',
    text: `I run \`${command}\`.`,
  });
  let report = readTestReport(first.text);
  if (!report.ran) {
    const refused = denial(first);
    if (refused) return { text: refusedText(refused.reason, command) };
    return {
      text: `I can not read a test result out of what \`${command}\` printed, so I stop here:\n\n${quote(first.text.split('\n').slice(-8).join('\n'))}`,
    };
  }
  if (report.failed === 0) {
    return {
      text: `All ${count(report.passed, 'test')} pass, so there is nothing to mend. Break something in the sources and ask me again.`,
    };
  }

  const mended: string[] = [];
  for (let round = 0; round < MOST_ROUNDS && report.failures.length > 0; round += 1) {
    const outcome = yield* repair(scene, report, command, (step) => progress(scene, step));
    if (outcome.kind === 'stopped') return { text: [...mended, outcome.text].join('\n\n') };
    mended.push(outcome.text);
    report = outcome.report;
    if (report.failed === 0) break;
  }
  yield* all(progress(scene, report.failed === 0 ? STEPS.length : 2));
  return {
    thinking: 'Done: say what was wrong, what changed and what was run.',
    text: `${mended.join('\n\n')}\n\n${verdictOf(report, command, scene.review)}`,
  };
}

/** The task list with everything before `current` done. */
function progress(scene: Scene, current: number): readonly Call[] {
  if (!scene.has('tasks')) return [];
  const status = (index: number) => (index < current ? 'completed' : index === current ? 'in_progress' : 'pending');
  return [{ name: 'tasks', input: { tasks: STEPS.map((title, index) => ({ title, status: status(index) })) } }];
}

function verdictOf(report: TestReport, command: string, review: string): string {
  if (report.failed === 0) return `\`${command}\` passes now: ${count(report.passed, 'test')}.${review}`;
  const names = report.failures.map(({ name, file }) => `\`${name || shortPath(file, '')}\``);
  return `\`${command}\` still reports ${count(report.failed, 'failing test')}${names.length > 0 ? `: ${list(names)}` : ''}.`;
}

function refusedText(reason: string, command: string): string {
  const said = reason === '' ? '' : ` The reason that I was given:\n\n${quote(reason)}\n`;
  return `I was not allowed to run \`${command}\`, and without a test result I would only be guessing.${said}\n\nAllow the command, or paste the output of the failing test here.`;
}

function withoutShell(): string {
  return 'There is no `shell` tool in this session, so I can not run the tests, and without seeing one fail I would only be guessing. In a trusted folder with a shell I can.';
}
