import { all, type Job, one } from '../play';
import { fileText, manifest, paths } from '../reading';
import { count, glob, list, readFile, type Scene, shortPath } from '../scene';
import { definitionsIn, firstSentence, importsIn, importTarget } from '../source';

/** Reads a project and says what it found; nothing is said of a file that was not read. */

const SOURCE = /\.(?:[cm]?[jt]sx?)$/;
const TEST = /(?:\.|_)(?:test|spec)\.|(?:^|\/)(?:test|tests|__tests__)\//;
const APART = /(?:^|\/)(?:node_modules|dist|build|out|coverage|\.git|vendor)\//;
const MOST_SOURCES = 8;
const MOST_EXPORTS = 4;

export function* explain(scene: Scene): Job {
  const listing = yield* one(glob('**/*'), {
    thinking: 'First what there is, then the papers, then the main sources.',
    text: 'I look at what is here.',
  });
  const files = paths(listing).map((path) => shortPath(path, scene.root));
  if (files.length === 0)
    return {
      text: listing.isError
        ? `I could not list the files: ${listing.text}`
        : 'This folder holds no files that I can see, so there is nothing to explain yet.',
    };

  const own = files.filter((path) => !APART.test(path));
  const readme = own.find((path) => /^readme(?:\.\w+)?$/i.test(path));
  const papers = [...(readme ? [readme] : []), ...own.filter((path) => path === 'package.json')];
  const paperTexts = (yield* all(papers.map(readFile), { text: papers.length > 0 ? 'The papers first.' : undefined })).map(fileText);
  const readmeText = readme ? paperTexts[0] : undefined;
  const about = manifest(paperTexts[papers.indexOf('package.json')]);

  const sources = own.filter((path) => SOURCE.test(path) && !TEST.test(path) && !/(?:^|\/)scripts?\//.test(path));
  const entry = (about?.entry ?? []).map((path) => path.replace(/^\.\//, ''));
  const chosen = [...entry.filter((path) => sources.includes(path)), ...sources.filter((path) => !entry.includes(path)).sort()].slice(
    0,
    MOST_SOURCES,
  );
  const tests = own.filter((path) => SOURCE.test(path) && TEST.test(path));
  const toRead = [...chosen, ...tests.slice(0, 4)];
  const texts = new Map(
    (yield* all(toRead.map(readFile), {
      thinking: `${count(sources.length, 'source')} and ${count(tests.length, 'test file')}: I read ${sources.length > MOST_SOURCES ? `the first ${MOST_SOURCES}` : 'them'} side by side.`,
      text: 'Now the sources.',
    })).map((result, index) => [toRead[index] ?? '', fileText(result)] as const),
  );

  const sections = [
    opening(about?.name ?? '', readmeText, about?.description ?? ''),
    chosen.length > 0 ? `**The parts**\n\n${chosen.map((path) => partOf(path, texts.get(path))).join('\n')}` : kinds(own),
    sources.length > chosen.length ? `I left ${count(sources.length - chosen.length, 'further source')} unread.` : '',
    flow(entry, texts),
    testsOf(tests, texts),
    scriptsOf(about?.scripts ?? {}),
    about ? (about.dependencies.length > 0 ? `It depends on ${list(about.dependencies)}.` : 'It depends on no package.') : '',
  ];
  return { thinking: 'Enough read to say what it is.', text: sections.filter(Boolean).join('\n\n') };
}

function opening(name: string, readme: string | undefined, description: string): string {
  const title = /^#\s+(.+)$/m.exec(readme ?? '')?.[1] ?? name;
  const paragraph = (readme ?? '')
    .split(/\n\s*\n/)
    .map((part) => part.replace(/\s+/g, ' ').trim())
    .find((part) => /^[A-Za-z]/.test(part));
  const words = paragraph ?? description;
  if (!title && !words) return 'There is neither a README nor a description, so this is what the code itself says.';
  return [title ? `**${title}.**` : '', words].filter(Boolean).join(' ');
}

function partOf(path: string, text: string | undefined): string {
  if (text === undefined) return `- \`${path}\`: could not be read`;
  const exported = definitionsIn(text).filter((definition) => definition.exported);
  if (exported.length === 0) return `- \`${path}\`: exports nothing: it is run, not imported`;
  const names = exported.slice(0, MOST_EXPORTS).map(({ name, kind, doc }) => {
    const said = firstSentence(doc).replace(/[.:]$/, '');
    return `\`${name}${kind === 'function' ? '()' : ''}\`${said ? ` (${said.charAt(0).toLowerCase()}${said.slice(1)})` : ''}`;
  });
  const more = exported.length - names.length;
  return `- \`${path}\`: exports ${list(names)}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Who uses whom, from the imports that were read. */
function flow(entry: readonly string[], texts: ReadonlyMap<string, string | undefined>): string {
  const rows = [...texts]
    .filter(([path]) => !TEST.test(path))
    .map(([path, text]) => ({ path, uses: importsIn(text ?? '').flatMap(({ from }) => importTarget(path, from) ?? []) }))
    .filter(({ uses }) => uses.length > 0);
  if (rows.length === 0) return '';
  const usedBy = (path: string) => rows.filter(({ uses }) => uses.includes(path)).length;
  const base = [...new Set(rows.flatMap(({ uses }) => uses))].sort((a, b) => usedBy(b) - usedBy(a))[0];
  const top = entry.find((path) => texts.has(path)) ?? rows.toSorted((a, b) => b.uses.length - a.uses.length)[0]?.path;
  const start = rows.find(({ path }) => path === top);
  return [
    start
      ? `**How it hangs together.** \`${start.path}\` brings in ${list(start.uses.map((path) => `\`${path}\``))}.`
      : '**How it hangs together.**',
    base && usedBy(base) > 1 ? `What most of them share is \`${base}\`.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function testsOf(tests: readonly string[], texts: ReadonlyMap<string, string | undefined>): string {
  if (tests.length === 0) return 'I found no tests.';
  const cases = tests.reduce((sum, path) => sum + (texts.get(path)?.match(/^\s*(?:it|test)\(/gm)?.length ?? 0), 0);
  return `**Tests.** ${count(tests.length, 'file')}${cases > 0 ? ` with ${count(cases, 'case')} in what I read` : ''}: ${list(tests.slice(0, 6).map((path) => `\`${path}\``))}${tests.length > 6 ? ' and more' : ''}.`;
}

function scriptsOf(scripts: Readonly<Record<string, string>>): string {
  const rows = Object.entries(scripts).map(
    ([name, script]) => `- \`npm ${['test', 'start'].includes(name) ? name : `run ${name}`}\`: \`${script}\``,
  );
  return rows.length > 0 ? `**To run**\n\n${rows.join('\n')}` : '';
}

/** For projects in languages that this demo can not read. */
function kinds(files: readonly string[]): string {
  const tally = new Map<string, number>();
  for (const path of files) {
    const kind = /\.(\w+)$/.exec(path)?.[1] ?? 'no ending';
    tally.set(kind, (tally.get(kind) ?? 0) + 1);
  }
  const most = [...tally].sort((a, b) => b[1] - a[1]).slice(0, 5);
  return `I see no JavaScript or TypeScript, which is all that this offline demo can read. The files by kind: ${list(most.map(([kind, n]) => `${n} ${kind}`))}.`;
}
