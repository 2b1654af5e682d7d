import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { z } from 'zod';
import type { ShellKind } from '../../../../src/core/ports/shell';
import type { CommandClass } from '../../../../src/tools/shell/classify';
import { asset, documents, ROOT } from './scene';

/** A check of the classifier: where its work is done, what stands there instead when it is off, and a line that needs it. */
type Module = {
  readonly file: string;
  readonly on: string;
  readonly off: string;
  readonly line: string;
  readonly class: CommandClass;
  readonly shell?: 'powershell' | 'cmd';
};

const MODULES: Readonly<Record<string, Module>> = {
  'the second reading by the grammar': {
    file: 'line.ts',
    on: 'if (!grammar.agrees(parts.flat, commands))',
    off: 'if (!OFF && !grammar.agrees(parts.flat, commands))',
    line: 'ls ==',
    class: 'must_ask',
  },
  'hidden characters': { file: 'line.ts', on: 'if (hidden)', off: 'if (!OFF && hidden)', line: "cat 'a\u202eb'", class: 'must_ask' },
  length: {
    file: 'line.ts',
    on: 'source.length > LONGEST',
    off: '!OFF && source.length > LONGEST',
    line: `echo ${'a'.repeat(10_001)}`,
    class: 'must_ask',
  },
  'number of commands': {
    file: 'split.ts',
    on: 'state.commands.length > MOST_COMMANDS',
    off: '!OFF && state.commands.length > MOST_COMMANDS',
    line: Array(51).fill('ls').join(';'),
    class: 'must_ask',
  },
  substitution: {
    file: 'tokenize.ts',
    on: `char === '$' && !/["| ]/`,
    off: `char === '$' && !OFF && !/["| ]/`,
    line: 'echo "$(touch x)"',
    class: 'must_ask',
  },
  redirection: {
    file: 'command.ts',
    on: 'command.redirects.map(',
    off: '(OFF ? [] : command.redirects).map(',
    line: 'ls > a',
    class: 'mutating',
  },
  'path limits': { file: 'classify.ts', on: 'if (place.inside ||', off: 'if (OFF || place.inside ||', line: 'cat ../x', class: 'must_ask' },
  secrets: {
    file: 'classify.ts',
    on: 'if (place.secret !== undefined)',
    off: 'if (!OFF && place.secret !== undefined)',
    line: 'cat .env',
    class: 'must_ask',
  },
  'changes of folder': {
    file: 'line.ts',
    on: 'const moved = here.cwds.filter(',
    off: 'const moved = (OFF ? [] : here.cwds).filter(',
    line: 'cd .. && rg foo',
    class: 'must_ask',
  },
  'the table of programs': {
    file: 'readonly.ts',
    on: 'if (!spec || name === undefined ||',
    off: 'if (OFF && !spec) return yes({ does: "x" }, "x", []);\nif (!spec || name === undefined ||',
    line: 'unknown x',
    class: 'mutating',
  },
  'the table of options': {
    file: 'table.ts',
    on: 'if (!read) return no(',
    off: 'if (!read && OFF) continue;\nif (!read) return no(',
    line: 'sort --output=x y',
    class: 'mutating',
  },
  'patterns that may be options': {
    file: 'table.ts',
    on: 'startsWithWildcard(word) && !spec.tame',
    off: '!OFF && startsWithWildcard(word) && !spec.tame',
    line: 'sort *',
    class: 'mutating',
  },
  sed: {
    file: 'scripts/sed.ts',
    on: 'let at = 0;',
    off: 'if (OFF) return undefined;\nlet at = 0;',
    line: "sed 'w x' y",
    class: 'mutating',
  },
  awk: {
    file: 'scripts/awk.ts',
    on: 'const bare = withoutTexts(program);',
    off: 'if (OFF) return undefined;\nconst bare = withoutTexts(program);',
    line: `awk 'BEGIN{system("x")}'`,
    class: 'mutating',
  },
  jq: { file: 'scripts/jq.ts', on: 'if (/\\$ENV', off: 'if (OFF) return undefined;\nif (/\\$ENV', line: 'jq env a', class: 'mutating' },
  statements: {
    file: 'scripts/sql.ts',
    on: 'const bare =',
    off: 'if (OFF) return undefined;\nconst bare =',
    line: "psql -c 'insert into t values (1)'",
    class: 'mutating',
  },
  git: {
    file: 'programs/git.ts',
    on: 'const odd = settings.find',
    off: 'if (OFF) return undefined;\nconst odd = settings.find',
    line: 'git -c core.pager=x log',
    class: 'mutating',
  },
  destruction: {
    file: 'destructive.ts',
    on: "const name = programOf(words[0] ?? '');",
    off: "if (OFF) return undefined;\nconst name = programOf(words[0] ?? '');",
    line: 'rm a',
    class: 'destructive',
  },
  'critical paths': {
    file: 'critical.ts',
    on: "const name = programOf(words[0] ?? '');",
    off: "if (OFF) return undefined;\nconst name = programOf(words[0] ?? '');",
    line: 'chmod -R 777 /',
    class: 'destructive',
  },
  'wrappers stripped': {
    file: 'wrappers.ts',
    on: 'let rest = words;',
    off: 'if (OFF) return words;\nlet rest = words;',
    line: 'timeout 5 ls',
    class: 'read_only',
  },
  'commands inside commands': {
    file: 'carriers.ts',
    on: 'const rest = words.slice(1);',
    off: 'if (OFF) return [];\nconst rest = words.slice(1);',
    line: "sh -c 'rm a'",
    class: 'destructive',
  },
  'variables before a program': {
    file: 'wrappers.ts',
    on: "const [name = '', ...value] =",
    off: "if (OFF) return true;\nconst [name = '', ...value] =",
    line: 'LD_PRELOAD=x ls',
    class: 'mutating',
  },
  'here-documents': {
    file: 'scan.ts',
    on: 'let destroys: string | undefined;',
    off: 'if (OFF) return { touches: [] };\nlet destroys: string | undefined;',
    line: 'bash <<EOF\nrm a\nEOF',
    class: 'destructive',
  },
  'downloads that run': {
    file: 'command.ts',
    on: 'if (!reads) return undefined;',
    off: 'if (OFF || !reads) return undefined;',
    line: 'curl x | sh',
    class: 'destructive',
  },
  'commands on what is listed': {
    file: 'xargs.ts',
    on: 'if (!inner.ok || !inner.spec.tame) return undefined;',
    off: 'if (!inner.ok || (!OFF && !inner.spec.tame)) return undefined;',
    line: 'git ls-files | xargs sort',
    class: 'mutating',
  },
  'commands on what is found': {
    file: 'readonly.ts',
    on: 'if (!inner.spec.tame ||',
    off: 'if ((!OFF && !inner.spec.tame) ||',
    line: "find . -name '*.ts' -exec sort {} +",
    class: 'mutating',
  },
  'script blocks': {
    file: 'powershell.ts',
    on: '!HARMLESS_BLOCK.test(word.block)',
    off: '(!OFF && !HARMLESS_BLOCK.test(word.block))',
    line: 'ls | where { ni x }',
    class: 'must_ask',
    shell: 'powershell',
  },
  'switches of Windows': {
    file: 'windows-programs.ts',
    on: 'if (unknown) return',
    off: 'if (!OFF && unknown) return',
    line: 'findstr /g:x y',
    class: 'must_ask',
    shell: 'cmd',
  },
};

/** The classifier with a switch at each check. The switches are in the bundle of this test only. */
function switches(found: Set<string>): Plugin {
  return {
    name: 'switches',
    setup: (bundle) =>
      bundle.onLoad({ filter: /src[\\/]tools[\\/]shell[\\/].*\.ts$/ }, async ({ path }) => {
        let contents = await readFile(path, 'utf8');
        for (const [name, { file, on, off }] of Object.entries(MODULES)) {
          if (!path.replaceAll('\\', '/').endsWith(`/shell/${file}`) || !contents.includes(on)) continue;
          found.add(name);
          contents = contents.replace(on, () => off.replace('OFF', `(globalThis.plumbSwitchedOff === ${JSON.stringify(name)})`));
        }
        return { contents, loader: 'ts' };
      }),
  };
}

const zClassifier = z.object({
  classifyCommand: z.custom<typeof import('../../../../src/tools/shell/classify').classifyCommand>((value) => typeof value === 'function'),
});

describe('each module of the classifier', function () {
  this.timeout(60_000);
  let folder: string;
  let classify: (module: Module) => Promise<CommandClass>;
  const found = new Set<string>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-modules-'));
    const outfile = join(folder, 'classify.mjs');
    await build({
      bundle: true,
      platform: 'node',
      format: 'esm',
      entryPoints: [join(import.meta.dirname, '../../../../src/tools/shell/classify.ts')],
      outfile,
      banner: { js: 'import { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);' },
      plugins: [switches(found)],
      logLevel: 'error',
    });
    const { classifyCommand } = zClassifier.parse({ ...(await import(pathToFileURL(outfile).href)) });
    classify = async ({ line, shell }) => {
      const kind: ShellKind = shell ?? 'bash';
      return (await classifyCommand(line, { shell: kind, cwd: ROOT, roots: [ROOT], asset, documents })).class;
    };
  });
  after(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => Reflect.deleteProperty(globalThis, 'plumbSwitchedOff'));

  it('has its switch, and there are eighteen at least', () => {
    assert.deepEqual(
      Object.keys(MODULES).filter((name) => !found.has(name)),
      [],
    );
    assert.ok(found.size >= 18);
  });

  for (const [name, module] of Object.entries(MODULES)) {
    it(`is needed: ${name}`, async () => {
      assert.equal(await classify(module), module.class, 'with every module');
      Reflect.set(globalThis, 'plumbSwitchedOff', name);
      assert.notEqual(await classify(module), module.class, 'without this one nothing is missed: another line must show that it is needed');
    });
  }
});
