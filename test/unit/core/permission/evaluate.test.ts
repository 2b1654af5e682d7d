import { strict as assert } from 'node:assert';
import { evaluate } from '../../../../src/core/permission/evaluate';
import { FAIL_CLOSED } from '../../../../src/core/tool';
import type { Mode } from '../../../../src/protocol/permission';
import { ROOT, textDocuments } from '../../tools/shell/scene';
import { file, policy, said, shell } from './policy';

const MODES: readonly Mode[] = ['plan', 'ask', 'edit', 'auto'];

describe('evaluate: rules', () => {
  it('lets deny win over ask over allow, whatever is narrower or comes first', async () => {
    const under = policy('ask', ['allow shell(git push origin main)', 'ask shell(git push *)', 'deny shell(git *)']);
    assert.equal(await said(shell('git push origin main', under)), 'deny');
    assert.equal(await said(shell('git push origin main', policy('ask', ['allow shell(git push *)', 'ask shell(git *)']))), 'ask');
    assert.equal(await said(file('edit_file', 'src/a.ts', policy('edit', ['allow edit_file(src/a.ts)', 'deny edit_file']))), 'deny');
  });

  it('names the rule that decided', async () => {
    const denied = await shell('curl x', policy('auto', ['deny shell(curl *)']));
    assert.ok(denied.verdict === 'deny' && denied.by.kind === 'rule');
    assert.equal(denied.by.rule.rule, 'shell(curl *)');
    assert.match(denied.reason, /shell\(curl \*\)/);
    const allowed = await shell('npm test', policy('ask', ['allow shell(npm test *)']));
    assert.ok(allowed.verdict === 'allow' && allowed.by.kind === 'rule');
    assert.equal(allowed.by.rule.rule, 'shell(npm test *)');
  });

  it('allows a compound only when every part is', async () => {
    const under = policy('ask', ['allow shell(npm test *)']);
    assert.equal(await said(shell('npm test', under)), 'allow');
    assert.equal(await said(shell('cd pkg && npm test -- --watch | tail -5', under)), 'allow');
    const asked = await shell('npm test && curl x', under);
    assert.ok(asked.verdict === 'ask');
    assert.deepEqual(
      asked.parts.map((part) => [part.text, part.allowed]),
      [
        ['npm test', true],
        ['curl x', false],
      ],
    );
    for (const line of [
      'npm test; curl x',
      'npm test | sh',
      'npm test > out.txt',
      'npm test\ncurl x',
      'npm test & curl x',
      '(npm test; curl x)',
      'npm test $(curl x)',
      'PATH=. npm test',
      'env npm test',
    ]) {
      assert.equal(await said(shell(line, under)), 'ask', line);
    }
  });

  it('denies a compound when one part is denied, also inside another shell', async () => {
    const under = policy('auto', ['deny shell(curl *)']);
    for (const line of [
      'ls && curl x',
      'sh -c "curl x"',
      'sudo curl x',
      'env A=1 curl x',
      'echo x | xargs curl',
      '/usr/bin/curl x',
      'timeout 5 curl x',
      'echo $(curl x)',
      "find . -exec curl {} ';'",
      'curl',
    ]) {
      assert.equal(await said(shell(line, under)), 'deny', line);
    }
  });

  it('closes a tool for which a deny or ask rule cannot be read', async () => {
    for (const broken of ['deny shell(rm *', 'ask shell(rm *']) {
      const asked = await shell('ls', policy('auto', [broken, 'allow shell']));
      assert.ok(asked.verdict === 'ask');
      assert.match(asked.why, /cannot be read/);
      assert.equal(await said(file('edit_file', 'a.ts', policy('auto', [broken]))), 'allow');
    }
    assert.equal(await said(file('edit_file', 'a.ts', policy('auto', ['deny (']))), 'ask');
    assert.equal(await said(shell('ls', policy('auto', ['deny (']))), 'allow');
  });

  it('takes no allow rule from the workspace, and denies what it denies', async () => {
    assert.equal(await said(shell('npm test', policy('ask', ['allow shell(npm test *) @workspace']))), 'ask');
    assert.equal(await said(shell('npm test', policy('auto', ['deny shell(npm test *) @workspace']))), 'deny');
  });

  it('matches file rules from the workspace root', async () => {
    const under = policy('ask', ['allow edit_file(src/**)']);
    assert.equal(await said(file('edit_file', 'src/a/b.ts', under)), 'allow');
    assert.equal(await said(file('edit_file', 'src/../test/b.ts', under)), 'ask');
    assert.equal(await said(file('edit_file', 'test/b.ts', under)), 'ask');
    assert.equal(await said(file('write_file', 'src/a.ts', under)), 'ask');
  });

  it('holds a rule about files against commands too', async () => {
    const under = policy('auto', ['deny read_file(secret/**)', 'deny edit_file(gen/**)']);
    assert.equal(await said(shell('cat secret/a.txt', under)), 'deny');
    assert.equal(await said(shell('echo x > gen/a.ts', under)), 'deny');
    assert.equal(await said(file('write_file', 'gen/a.ts', under)), 'deny');
    assert.equal(await said(shell('cat gen/a.ts', under)), 'allow');
  });

  it('lets the star of a command rule reach no secret and no place outside, but the very command does', async () => {
    const under = policy('ask', ['allow shell(cat *)', 'allow shell(cat /etc/hosts)']);
    assert.equal(await said(shell('cat ../x', under)), 'ask');
    assert.equal(await said(shell('cat src/../../x', under)), 'ask');
    assert.equal(await said(shell('cat .env', under)), 'ask');
    assert.equal(await said(shell('cat /etc/hosts', under)), 'allow');
    assert.equal(await said(shell('cat /etc/passwd', policy('ask', ['allow shell(*) @flag']))), 'allow');
  });

  it('opens a whole server, and nothing of another', async () => {
    const call = { class: 'mutating', subjects: [{ text: '', class: 'mutating', why: 'x', touches: [] }], safety: FAIL_CLOSED } as const;
    const docs = textDocuments(ROOT, '/home/ada');
    const verdict = async (tool: string) =>
      (await evaluate({ tool, callId: 'c', inputHash: 'h' }, call, policy('ask', ['allow mcp__github__*']), docs)).verdict;
    assert.equal(await verdict('mcp__github__create'), 'allow');
    assert.equal(await verdict('mcp__gitlab__create'), 'ask');
  });
});

describe('evaluate: what nothing opens', () => {
  const everything = ['allow shell', 'allow shell(*) @flag', 'allow edit_file', 'allow edit_file(**)', 'allow write_file(/**)'];

  for (const line of [
    'echo x > .git/hooks/pre-commit',
    'cp x .vscode/tasks.json',
    'tee .npmrc',
    'cd .git && echo x > config',
    'touch sub/.husky/x',
    'ln -s a .git/hooks/b',
    'mv x .bashrc',
    'sed -i s/a/b/ package.json',
    'python3 x.py --out=.git/config',
    'for f in a; do echo > .git/hooks/$f; done',
  ]) {
    it(`asks for ${line} in every mode but plan, whatever is allowed`, async () => {
      for (const mode of MODES.slice(1)) {
        const asked = await shell(line, policy(mode, everything));
        assert.ok(asked.verdict === 'ask', mode);
        assert.match(asked.why, /protected path/);
        assert.equal(asked.risk, 'high');
        assert.deepEqual(
          asked.choices.map((choice) => choice.id),
          ['once', 'deny'],
        );
      }
    });
  }

  for (const line of [
    'rm -rf /',
    'rm -rf /*',
    'rm -rf /etc',
    'rm -rf ~',
    'rm -rf ~/',
    'rm -rf .',
    'rm -rf *',
    'rm -rf ..',
    'cd src && rm -rf ../..',
    'sudo rm -rf /',
    'sh -c "rm -rf ~"',
    'curl x | sh',
    'dd if=x of=/dev/sda',
    'rm -rf $X/',
    ':(){ :|:& };:',
    'find / -delete',
    'chmod -R 777 /',
    'cd nowhere.d; rm -rf *',
  ]) {
    it(`asks for ${line} in every mode but plan, whatever is allowed`, async () => {
      for (const mode of MODES.slice(1)) {
        const asked = await shell(line, policy(mode, everything));
        assert.ok(asked.verdict === 'ask', mode);
        assert.match(asked.why, /always asked/);
      }
      assert.equal(await said(shell(line, policy('plan', everything))), 'deny');
    });
  }

  for (const line of [
    'sudo ls',
    'doas apt update',
    '/usr/bin/sudo make install',
    'make && sudo make install',
    'sh -c "sudo ls"',
    'env A=1 pkexec x',
  ]) {
    it(`asks for ${line} in auto mode, until a rule allows it`, async () => {
      const asked = await shell(line, policy('auto', []));
      assert.ok(asked.verdict === 'ask');
      assert.match(asked.why, /rights of the administrator/);
      assert.deepEqual(
        asked.choices.map(({ id }) => id),
        ['once', 'session', 'deny'],
        'for good only by a hand-written rule',
      );
      const saved = asked.choices.flatMap(({ id, rules }) => (id === 'session' ? rules : [])).map((rule) => `allow ${rule} @user`);
      assert.equal(await said(shell(line, policy('auto', saved))), 'allow');
    });
  }

  it('asks for protected files of the file tools, and denies its own records', async () => {
    for (const path of ['.git/config', '.vscode/settings.json', 'x/../.git/config', '/home/ada/.bashrc', 'package.json']) {
      assert.equal(await said(file('edit_file', path, policy('auto', everything))), 'ask', path);
    }
    assert.equal(await said(file('write_file', '/home/ada/.plumb/sessions/x/events.jsonl', policy('auto', everything))), 'deny');
    assert.equal(await said(shell('echo x > ~/.plumb/audit.jsonl', policy('auto', everything))), 'deny');
  });

  it('lets `shell(*)` of a person open what could not be read, and nothing narrower or of the session', async () => {
    const line = 'for i in 1 2; do echo $i; done';
    assert.equal(await said(shell(line, policy('ask', ['allow shell(*) @flag']))), 'allow');
    assert.equal(await said(shell(line, policy('ask', ['allow shell @user']))), 'allow');
    assert.equal(await said(shell(line, policy('ask', ['allow shell @session']))), 'ask');
    assert.equal(await said(shell(line, policy('ask', ['allow shell(for *)']))), 'ask');
    assert.equal(await said(shell(line, policy('auto', []))), 'ask');
  });

  it('asks about what could not be read when a narrower rule might have caught it', async () => {
    const under = policy('ask', ['allow shell(*) @flag', 'deny shell(curl *)']);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the shell
    assert.equal(await said(shell('x=cu; ${x}rl y', under)), 'ask');
    assert.equal(await said(shell('npm test', under)), 'allow');
  });

  it('follows links: a rule must cover the real file, and denies both', async () => {
    const docs = textDocuments(ROOT, '/home/ada', { [`${ROOT}/link`]: '/home/ada/other', [`${ROOT}/docs`]: `${ROOT}/.git/hooks` });
    assert.equal(await said(file('edit_file', 'link/a.ts', policy('ask', ['allow edit_file(link/**)']), docs)), 'ask');
    assert.equal(await said(file('edit_file', 'link/a.ts', policy('edit'), docs)), 'ask');
    assert.equal(await said(file('read_file', 'link/a.ts', policy('ask'), docs)), 'ask');
    assert.equal(await said(file('edit_file', 'docs/pre-commit', policy('auto', ['allow edit_file(**)']), docs)), 'ask');
    assert.equal(await said(file('edit_file', 'link/a.ts', policy('auto', ['deny edit_file(/home/ada/other/**)']), docs)), 'deny');
    assert.equal(await said(file('edit_file', 'link/a.ts', policy('auto', ['deny edit_file(link/**)']), docs)), 'deny');
    assert.equal(await said(shell('cat link/a', policy('auto'), docs)), 'ask');
    assert.equal(await said(shell('cat link/../b', policy('auto'), docs)), 'ask');
    assert.equal(await said(shell('cd link && cat b', policy('auto'), docs)), 'ask');
    const asked = await file('edit_file', 'docs/x', policy('edit'), docs);
    assert.ok(asked.verdict === 'ask');
    assert.deepEqual(asked.touches, [`${ROOT}/docs/x → ${ROOT}/.git/hooks/x`]);
  });

  it('asks when a path cannot be resolved', async () => {
    const docs = { ...textDocuments(ROOT, '/home/ada'), resolve: async () => Promise.reject(new Error('A network path.')) };
    assert.equal(await said(file('read_file', '//host/x', policy('auto', ['allow read_file']), docs)), 'ask');
  });
});

describe('evaluate: modes', () => {
  const expected: Readonly<Record<string, Readonly<Record<Mode, string>>>> = {
    'git status': { plan: 'allow', ask: 'allow', edit: 'allow', auto: 'allow' },
    'npm test': { plan: 'deny', ask: 'ask', edit: 'ask', auto: 'allow' },
    'echo x > src/a.ts': { plan: 'deny', ask: 'ask', edit: 'allow', auto: 'allow' },
    'echo x > ../a.ts': { plan: 'deny', ask: 'ask', edit: 'ask', auto: 'ask' },
    'mkdir src/x': { plan: 'deny', ask: 'ask', edit: 'ask', auto: 'allow' },
    'mkdir /srv/x': { plan: 'deny', ask: 'ask', edit: 'ask', auto: 'ask' },
    'rm -rf dist': { plan: 'deny', ask: 'ask', edit: 'ask', auto: 'ask' },
    'git push --force': { plan: 'deny', ask: 'ask', edit: 'ask', auto: 'ask' },
    'cat /etc/hosts': { plan: 'ask', ask: 'ask', edit: 'ask', auto: 'ask' },
    'cat .env': { plan: 'ask', ask: 'ask', edit: 'ask', auto: 'ask' },
    'echo $(date)': { plan: 'deny', ask: 'ask', edit: 'ask', auto: 'ask' },
  };
  for (const [line, verdicts] of Object.entries(expected)) {
    for (const mode of MODES) {
      it(`${mode}: ${line} → ${verdicts[mode]}`, async () => assert.equal(await said(shell(line, policy(mode))), verdicts[mode]));
    }
  }

  const files: readonly (readonly [string, string, Readonly<Record<Mode, string>>])[] = [
    ['read_file', 'src/a.ts', { plan: 'allow', ask: 'allow', edit: 'allow', auto: 'allow' }],
    ['read_file', '/etc/hosts', { plan: 'ask', ask: 'ask', edit: 'ask', auto: 'ask' }],
    ['read_file', '.env', { plan: 'ask', ask: 'ask', edit: 'ask', auto: 'ask' }],
    ['edit_file', 'src/a.ts', { plan: 'deny', ask: 'ask', edit: 'allow', auto: 'allow' }],
    ['edit_file', '../a.ts', { plan: 'deny', ask: 'ask', edit: 'ask', auto: 'ask' }],
    ['edit_file', `${ROOT}-other/a.ts`, { plan: 'deny', ask: 'ask', edit: 'ask', auto: 'ask' }],
    ['delete_file', 'src/a.ts', { plan: 'deny', ask: 'ask', edit: 'ask', auto: 'ask' }],
  ];
  for (const [tool, path, verdicts] of files) {
    for (const mode of MODES) {
      it(`${mode}: ${tool} ${path} → ${verdicts[mode]}`, async () =>
        assert.equal(await said(file(tool, path, policy(mode))), verdicts[mode]));
    }
  }

  it('tells the model that plan mode is on', async () => {
    const denied = await file('edit_file', 'a.ts', policy('plan'));
    assert.ok(denied.verdict === 'deny');
    assert.deepEqual(denied.by, { kind: 'mode', mode: 'plan' });
    assert.match(denied.reason, /Plan mode/);
  });

  it('lets no rule open plan mode', async () => {
    assert.equal(await said(file('edit_file', 'a.ts', policy('plan', ['allow edit_file']))), 'deny');
  });

  it('lets an untrusted folder read, and run nothing', async () => {
    const under = policy('auto', ['allow shell', 'allow edit_file'], { trusted: false });
    assert.equal(await said(file('read_file', 'a.ts', under)), 'allow');
    assert.equal(await said(file('edit_file', 'a.ts', under)), 'deny');
    assert.equal(await said(shell('git status', under)), 'deny');
  });

  it('reads its own spills without asking, and writes none of them', async () => {
    const under = policy('ask', [], { readable: ['/home/ada/.plumb/sessions/s/spill'] });
    assert.equal(await said(file('read_file', '/home/ada/.plumb/sessions/s/spill/1.txt', under)), 'allow');
    assert.equal(await said(file('read_file', '/home/ada/.plumb/sessions/s/spill-other', under)), 'ask');
    assert.equal(await said(file('write_file', '/home/ada/.plumb/sessions/s/spill/1.txt', under)), 'deny');
  });

  it('judges a call that names no part by the call', async () => {
    const docs = textDocuments(ROOT, '/home/ada');
    const bare = (effect: 'read_only' | 'mutating') =>
      said(
        evaluate({ tool: 'x', callId: 'c', inputHash: 'h' }, { class: effect, subjects: [], safety: FAIL_CLOSED }, policy('auto'), docs),
      );
    assert.equal(await bare('read_only'), 'allow');
    assert.equal(await bare('mutating'), 'ask');
    const mild = { class: 'mutating', subjects: [{ text: 'x', class: 'read_only', why: '', touches: [] }], safety: FAIL_CLOSED } as const;
    assert.equal(await said(evaluate({ tool: 'x', callId: 'c', inputHash: 'h' }, mild, policy('ask'), docs)), 'ask');
  });
});
