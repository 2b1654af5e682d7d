import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluate } from '../../../../src/core/permission/evaluate';
import { FAIL_CLOSED } from '../../../../src/core/tool';
import { createDocuments } from '../../../../src/node/documents';
import { assessCommand } from '../../../../src/tools/shell/assess';
import { assess, asset, HOME, ROOT } from './scene';

async function touched(line: string): Promise<readonly string[]> {
  const { subjects } = await assess(line);
  return [
    ...new Set(
      subjects.flatMap((subject) => subject.touches.map((touch) => `${touch.access} ${touch.path.replace(ROOT, '.').replace(HOME, '~')}`)),
    ),
  ];
}

describe('paths of a command', () => {
  for (const [line, paths] of [
    ['cat a src/b', ['read ./a', 'read ./src/b']],
    ['cat ./src/../a', ['read ./a']],
    ['cat ~/a /etc/b', ['read ~/a', 'read /etc/b']],
    ['grep x a', ['read ./a']],
    ['grep -e x a', ['read ./a']],
    ['echo x > a', ['write ./a']],
    ['cat < a > b', ['read ./a', 'write ./b']],
    ['cp a b', ['write ./b']],
    ['rm -rf a b', ['delete ./a', 'delete ./b']],
    ['mkdir -p a/b', ['write ./a/b']],
    ['echo x 2>/dev/null', []],
    ['git -C src log', ['read ./src']],
    ['unknown ../a --out=/srv/b ~/c https://x/y', ['write ~/a', 'write /srv/b', 'write ~/c']],
    // Every folder that it may run in counts as read, and its words are seen from there.
    ['cd src && cat a', ['read ./src/a', 'read ./src']],
    ['cd src; cat a', ['read ./src/a', 'read ./src']],
    ['cd src.d; cat a', ['read ./a', 'read ./src.d/a', 'read ./src.d']],
    ['(cd src && cat a) && cat b', ['read ./src/a', 'read ./src', 'read ./b']],
    ['cd src | cat a', ['read ./a', 'read ./src/a', 'read ./src']],
    ['ls && cd src; cat a', ['read ./a', 'read ./src/a', 'read ./src']],
    ['ls || cd src && cat a', ['read ./a', 'read ./src/a', 'read ./src']],
    ['! cd src.d && cat a', ['read ./a', 'read ./src.d/a', 'read ./src.d']],
    ['ls || cd src.d && cat a', ['read ./a', 'read ./src.d/a', 'read ./src.d']],
    ['! cd src && cat a', ['read ./src/a', 'read ./src']],
    ['cd src && cd .. && cat a', ['read ./a']],
    ['cd && cat a', ['read ~/a', 'read ~']],
    ['cd src && ls && cd - && cat a', ['read ./src', 'read ./a', 'read ./src/a']],
  ] as const) {
    it(line, async () => assert.deepEqual([...(await touched(line))].sort(), [...paths].sort()));
  }
});

describe('paths on a real disk', () => {
  let base: string;
  let root: string;
  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'plumb-folders-')));
    root = join(base, 'app');
    mkdirSync(join(root, 'src'), { recursive: true });
    mkdirSync(join(root, '.git', 'hooks'), { recursive: true });
    mkdirSync(join(base, 'outside', 'deep'), { recursive: true });
    for (const file of ['src/a.ts', 'src/b.ts', '.env']) writeFileSync(join(root, file), 'x');
    writeFileSync(join(base, 'outside', 'secret.txt'), 'x');
    symlinkSync(join(base, 'outside', 'secret.txt'), join(root, 'src', 'c.ts'));
    symlinkSync(join(base, 'outside', 'deep'), join(root, 'link'));
    symlinkSync(join(root, '.git', 'hooks'), join(root, 'docs'));
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  async function verdict(line: string, ...allow: readonly string[]): Promise<string> {
    const documents = createDocuments({ roots: [root] });
    const judged = await assessCommand(line, { shell: 'bash', cwd: root, roots: [root], asset, documents });
    const rules = allow.map((rule) => ({ effect: 'allow', rule, source: 'user' }) as const);
    const policy = { mode: 'auto', rules, trusted: true, roots: [root], readable: [] } as const;
    return (await evaluate({ tool: 'shell', callId: 'c', inputHash: 'h' }, { ...judged, safety: FAIL_CLOSED }, policy, documents)).verdict;
  }

  for (const [line, expected] of [
    ['cat src/a.ts', 'allow'],
    ['cat src/[ab].ts', 'allow'],
    ['cat src/a*', 'allow'],
    ['cat src/c.ts', 'ask'],
    ['cat src/*.ts', 'ask'],
    ['cat *', 'ask'],
    ['ls src', 'allow'],
    ['cat .e*', 'ask'],
    ['cat .[e]nv', 'ask'],
    ['cat [.]env', 'ask'],
    ['cat **/.env', 'ask'],
    ['cd .git > /dev/null && echo x > config', 'ask'],
    // What a search through folders would print counts as read.
    ['grep -rn TOKEN .', 'ask'],
    ['grep -rn TOKEN', 'ask'],
    ['grep --directories=recurse TOKEN .', 'ask'],
    ['cd src && grep -rn TOKEN ..', 'ask'],
    ['rg --hidden TOKEN', 'ask'],
    ['rg -uu TOKEN .', 'ask'],
    ["rg --hidden -g '.e*' TOKEN", 'ask'],
    ['diff -r . src', 'ask'],
    ['grep -rn TOKEN src', 'allow'],
    ['grep -rl TOKEN .', 'allow'],
    ["grep -rn --include='*.ts' TOKEN .", 'allow'],
    ['grep -rn --exclude=.env TOKEN .', 'allow'],
    ["rg --hidden -g '!.env' TOKEN", 'allow'],
    ['rg TOKEN', 'allow'],
    ['cat link/x', 'ask'],
    ['cat link/../secret.txt', 'ask'],
    ['cd link && cat ../secret.txt', 'ask'],
    ['cd link && ls', 'ask'],
    ['cd src && cat a.ts', 'allow'],
    ['echo x > src/a.ts', 'allow'],
    ['echo x > src/c.ts', 'ask'],
    ['echo x > docs/pre-commit', 'ask'],
    ['cp src/a.ts docs/pre-commit', 'ask'],
    ['touch link/x', 'ask'],
  ] as const) {
    it(`${expected}: ${line}`, async () => assert.equal(await verdict(line), expected));
  }

  it('asks for a secret that is fed to a command, also where a rule opens the command', async () => {
    assert.equal(await verdict('cat < src/a.ts'), 'allow');
    for (const rule of ['shell(cat)', 'shell(cat *)', 'shell(cat:*)']) assert.equal(await verdict('cat < .env', rule), 'ask');
    assert.equal(await verdict('cat < .env', 'shell(cat)', 'shell(< .env)'), 'allow');
  });

  it('names every file that a pattern would delete', async () => {
    const documents = createDocuments({ roots: [root] });
    const judged = await assessCommand('rm src/*.ts', { shell: 'bash', cwd: root, roots: [root], asset, documents });
    assert.deepEqual(
      judged.subjects[0]?.touches.map((touch) => [touch.access, touch.path]),
      [
        ['delete', join(root, 'src', 'a.ts')],
        ['delete', join(root, 'src', 'b.ts')],
        ['delete', join(root, 'src', 'c.ts')],
      ],
    );
  });
});
