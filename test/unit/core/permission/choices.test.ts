import { strict as assert } from 'node:assert';
import { parseRule } from '../../../../src/core/permission/rules';
import type { Verdict } from '../../../../src/core/permission/verdict';
import { file, policy, rule, shell } from './policy';

async function choices(verdict: Promise<Verdict>): Promise<Record<string, readonly string[]>> {
  const asked = await verdict;
  assert.ok(asked.verdict === 'ask');
  return Object.fromEntries(asked.choices.map((choice) => [choice.id, choice.rules]));
}

describe('choices of an ask', () => {
  it('offers one rule for each part that asks', async () => {
    assert.deepEqual(await choices(shell('npm test && npm run build && ls', policy('ask'))), {
      once: [],
      session: ['shell(npm test *)', 'shell(npm run build *)'],
      rule: ['shell(npm test *)', 'shell(npm run build *)'],
      deny: [],
    });
  });

  it('saves other commands word for word, stars escaped', async () => {
    assert.deepEqual((await choices(shell("make-thing 'a b' src/*.ts", policy('ask')))).rule, ["shell(make-thing 'a b' src/\\*.ts)"]);
  });

  it('offers no rule for more than five parts, for what is fed, and for what nothing opens', async () => {
    for (const line of ['a1; a2; a3; a4; a5; a6', 'npm test | sh', 'rm -rf ~', 'echo x > .git/config', 'echo $(x)']) {
      assert.deepEqual(Object.keys(await choices(shell(line, policy('ask')))), ['once', 'deny'], line);
    }
  });

  it('allows what deletes for the session at most', async () => {
    assert.deepEqual(Object.keys(await choices(shell('rm -rf dist', policy('ask')))), ['once', 'session', 'deny']);
  });

  it('offers the workspace for the session and the folder for good', async () => {
    assert.deepEqual(await choices(file('edit_file', 'src/ui/a.ts', policy('ask'))), {
      once: [],
      session: ['edit_file(**)'],
      rule: ['edit_file(src/ui/**)'],
      deny: [],
    });
    assert.deepEqual((await choices(file('read_file', '/etc/hosts', policy('ask')))).rule, ['read_file(/etc/hosts)']);
  });

  const asked: readonly (readonly [string, (rules: readonly string[]) => Promise<Verdict>])[] = [
    ...[
      'npm test',
      'foo *.ts',
      'cat /etc/hosts',
      'cat .env',
      "git commit -m 'a b'",
      'echo x > out.txt',
      'FOO=1 ls',
      'rm -rf dist',
      'curl https://x/y?a=b',
    ].map((line): readonly [string, (rules: readonly string[]) => Promise<Verdict>] => [
      line,
      (rules) => shell(line, policy('ask', rules)),
    ]),
    ...[
      ['edit_file', 'src/a.ts'] as const,
      ['write_file', 'a.ts'] as const,
      ['read_file', '/etc/hosts'] as const,
      ['edit_file', '../x/a.ts'] as const,
      ['delete_file', 'a.ts'] as const,
      ['read_file', '.env'] as const,
    ].map(([tool, path]): readonly [string, (rules: readonly string[]) => Promise<Verdict>] => [
      `${tool} ${path}`,
      (rules) => file(tool, path, policy('ask', rules)),
    ]),
  ];
  for (const [name, judge] of asked) {
    it(`saves rules that open the very call: ${name}`, async () => {
      const offered = await choices(judge([]));
      for (const saved of Object.values(offered).filter((rules) => rules.length > 0)) {
        assert.ok(saved.every((text) => parseRule(text).ok));
        assert.equal((await judge(saved.map((text) => `allow ${text}`))).verdict, 'allow', saved.join(', '));
        assert.ok(saved.map((text) => rule(`allow ${text}`)).length <= 5);
      }
      assert.ok(offered.session);
    });
  }
});
