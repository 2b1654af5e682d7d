import { all, type Job, one } from '../play';
import { denial, fileText, paths } from '../reading';
import { editFile, glob, quote, readFile, type Scene, shell, shortPath } from '../scene';
import { definitionsIn, importSpecifier, importsIn, importTarget } from '../source';
import { type Missing, readTestReport } from '../test-report';
import type { Repaired } from './repair';

/** Files among which the missing one is looked for. */
const MOST_FILES = 12;

/** A file was renamed or moved and an import still names its old place: finds the new one by what it exports. */
export function* reconnect(scene: Scene, missing: Missing, command: string): Job<Repaired> {
  const importer = shortPath(missing.importer, scene.root);
  const wanted = shortPath(missing.module, scene.root);
  const stopped = (text: string): Repaired => ({ kind: 'stopped', text });
  const [importing, listing] = yield* all([readFile(importer), glob('**/*.{js,mjs,cjs,ts,jsx,tsx}')], {
    thinking: `${importer} imports ${wanted}, which is not there. Has it been renamed? What it exported must be somewhere.`,
    text: `\`${importer}\` imports \`${wanted}\`, which does not exist. I look for where it went.`,
  });
  const text = fileText(importing);
  const broken = text === undefined ? undefined : importsIn(text).find(({ from }) => sameFile(importTarget(importer, from), wanted));
  if (text === undefined || !broken)
    return stopped(`\`${importer}\` imports \`${wanted}\`, which does not exist, and I could not read that import.`);

  const names = broken.names.map(({ imported }) => imported).filter((name) => name !== 'default');
  const options = paths(listing)
    .map((path) => shortPath(path, scene.root))
    .filter((path) => path !== importer && !/(^|\/)(node_modules|build|dist)\//.test(path))
    .slice(0, MOST_FILES);
  const results = yield* all(options.map(readFile), {
    text: `I look for a file that exports ${names.map((name) => `\`${name}\``).join(', ') || 'the same'}.`,
  });
  const home = options.find((_, index) => {
    const exported = definitionsIn(fileText(results[index]) ?? '').filter((definition) => definition.exported);
    return names.length > 0 && names.every((name) => exported.some((definition) => definition.name === name));
  });
  if (!home)
    return stopped(
      `\`${importer}\` imports ${names.map((name) => `\`${name}\``).join(', ')} from \`${wanted}\`, which does not exist, and no other file exports that. Was it deleted?`,
    );

  const specifier = importSpecifier(importer, home);
  const line = text.split('\n').find((row) => row.includes(`'${broken.from}'`) || row.includes(`"${broken.from}"`)) ?? '';
  const after = line.replace(broken.from, specifier);
  const edit = yield* one(editFile(importer, [{ old_text: line, new_text: after }]), {
    text: `It is in \`${home}\` now. I set the import right.`,
  });
  const refused = denial(edit);
  if (refused || edit.isError)
    return stopped(
      `\`${importer}\` has to import from \`${specifier}\`, but the edit did not go through:\n\n${quote(refused?.reason || edit.text)}`,
    );

  const run = yield* one(shell(command), { text: 'Now the tests again.' });
  const report = readTestReport(run.text);
  if (!report.ran)
    return stopped(
      `\`${importer}\` imports from \`${specifier}\` now, but I could not run the tests again:\n\n${quote(run.text.split('\n').slice(0, 6).join('\n'))}`,
    );
  const summary = `\`${importer}\` imported \`${wanted}\`, which had moved to \`${home}\`; it imports from there now.`;
  const stuck = report.missing.some(({ module, importer: by }) => module === missing.module && by === missing.importer);
  return stuck ? stopped(`${summary} The tests still can not find it.`) : { kind: 'mended', text: summary, report };
}

function sameFile(target: string | undefined, wanted: string): boolean {
  return target !== undefined && (target === wanted || wanted.endsWith(`/${target}`));
}
