import { strict as assert } from 'node:assert';
import {
  allowsPath,
  allowsText,
  coversPath,
  coversText,
  deniesTool,
  parseRule,
  ruleProblems,
  toolMatches,
} from '../../../../src/core/permission/rules';
import { rule } from './policy';

describe('permission rules', () => {
  it('reads tool, tool(pattern) and server names', () => {
    assert.deepEqual(parseRule('shell'), { ok: true, tool: 'shell' });
    assert.deepEqual(parseRule('shell(*)'), { ok: true, tool: 'shell' });
    assert.deepEqual(parseRule(' shell(npm test *) '), { ok: true, tool: 'shell', pattern: 'npm test *' });
    assert.deepEqual(parseRule('shell(echo (a))'), { ok: true, tool: 'shell', pattern: 'echo (a)' });
    assert.deepEqual(parseRule('mcp__github__*'), { ok: true, tool: 'mcp__github__*' });
  });

  for (const bad of [
    '',
    '(',
    'shell(',
    'shell(rm',
    'shell()',
    'shell( )',
    '*',
    'she*',
    'shell(a) b',
    'edit file(x)',
    'shell(a\nb)',
    'shell(a\u202eb)',
    '!shell',
  ]) {
    it(`does not read ${JSON.stringify(bad)}`, () => assert.equal(parseRule(bad).ok, false));
  }

  it('names what could be read of a broken rule, so that it can fail closed', () => {
    const broken = parseRule('shell(rm *');
    assert.equal(!broken.ok && broken.tool, 'shell');
  });

  it('reports broken rules and allow rules of the workspace', () => {
    const problems = ruleProblems([
      rule('deny shell(rm'),
      rule('allow shell @workspace'),
      rule('allow shell(ls)'),
      rule('deny shell @workspace'),
    ]);
    assert.deepEqual(
      problems.map((p) => p.rule.rule),
      ['shell(rm', 'shell'],
    );
    assert.match(problems[0]?.problem ?? '', /every call of shell asks/);
  });

  it('matches tools and whole servers', () => {
    assert.equal(toolMatches('mcp__github__*', 'mcp__github__create'), true);
    assert.equal(toolMatches('mcp__github', 'mcp__github__create'), true);
    assert.equal(toolMatches('mcp__github__create', 'mcp__github__create_all'), false);
    assert.equal(toolMatches('mcp__git', 'mcp__github__create'), false);
    assert.equal(toolMatches('edit', 'edit_file'), false);
  });

  it('takes a tool away by a bare deny rule only', () => {
    assert.equal(deniesTool([rule('deny shell')], 'shell'), true);
    assert.equal(deniesTool([rule('deny shell(*)')], 'shell'), true);
    assert.equal(deniesTool([rule('deny shell(rm *)'), rule('ask shell'), rule('allow shell')], 'shell'), false);
    assert.equal(deniesTool([rule('deny mcp__x')], 'mcp__x__y'), true);
  });

  for (const [pattern, text, matches] of [
    ['npm test *', 'npm test', true],
    ['npm test *', 'npm test --watch a', true],
    ['npm test *', 'npm testing', false],
    ['npm test', 'npm test a', false],
    ['git * main', 'git push origin main', true],
    ['git * main', 'git main', false],
    ['* --version', 'node --version', true],
    ['echo \\*', 'echo *', true],
    ['echo \\*', 'echo a', false],
    ['a*a', 'a', false],
    ['a*b*c', 'a1b2c', true],
    ['a*b*c', 'acb', false],
    ['ls *', 'lsof', false],
  ] as const) {
    it(`${pattern} ${matches ? 'covers' : 'does not cover'} ${text}`, () => assert.equal(allowsText(pattern, text), matches));
  }

  it('matches long texts against many stars at once', () => {
    assert.equal(allowsText(`${'a*'.repeat(40)}b`, 'a'.repeat(20_000)), false);
  });

  it('sees through spellings where it denies', () => {
    for (const text of [
      'git push',
      'git push origin',
      '/usr/bin/git push x',
      'GIT push x',
      'git -C . push x',
      'git -c a=b --no-pager push x',
      "FOO=1 BAR='a b' git push x",
      'git.exe push x',
    ]) {
      assert.equal(coversText('git push *', text), true, text);
    }
    assert.equal(coversText('git push *', 'git stash push'), false);
    assert.equal(coversText('git push *', 'echo git push'), false);
  });

  const scope = { roots: ['/w/app', '/w/lib'], home: '/home/ada' };
  for (const [pattern, path, allows, covers] of [
    ['src/**', '/w/app/src/a/b.ts', true, true],
    ['src/**', '/w/lib/src/a.ts', true, true],
    ['src/**', '/w/other/src/a.ts', false, false],
    ['src/*', '/w/app/src/a/b.ts', false, true],
    ['src', '/w/app/src/a.ts', false, true],
    ['*.md', '/w/app/docs/a.md', true, true],
    ['*.md', '/w/app/docs/a.mdx', false, false],
    ['.env', '/w/app/pkg/.env', true, true],
    ['.env', '/elsewhere/.env', false, true],
    ['SRC/**', '/w/app/src/a.ts', false, true],
    ['**', '/w/app/x/y', true, true],
    ['**', '/etc/passwd', false, true],
    ['/etc/**', '/etc/passwd', true, true],
    ['~/notes/**', '/home/ada/notes/a.md', true, true],
    ['~/notes/**', '/home/bob/notes/a.md', false, false],
    ['./src/*.ts', '/w/app/src/a.ts', true, true],
    ['src/{a,b}.ts', '/w/app/src/b.ts', true, true],
    ['src/a?.ts', '/w/app/src/ab.ts', true, true],
    ['a+b(c).ts', '/w/app/a+b(c).ts', true, true],
    ['src/**/x.ts', '/w/app/src/x.ts', true, true],
  ] as const) {
    it(`${pattern} on ${path}: allow ${allows}, deny ${covers}`, () => {
      assert.equal(allowsPath(pattern, path, scope), allows);
      assert.equal(coversPath(pattern, path, scope), covers);
    });
  }

  it('guards ~ in every home where the home is not known, and opens none', () => {
    assert.equal(coversPath('~/.ssh/**', '/home/x/.ssh/id', { roots: [] }), true);
    assert.equal(allowsPath('~/notes/**', '/home/x/notes/a', { roots: [] }), false);
  });
});
