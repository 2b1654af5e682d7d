import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { childEnvironment, readingEnvironment } from '../../../src/node/environment';
import { createShell, type NodeShell } from '../../../src/node/shell';

/** What a program may put into the environment of the editor, and what must never reach a command of the agent. */
const POISON = {
  ...{ BASH_ENV: '/x', ENV: '/x', PROMPT_COMMAND: 'x', 'BASH_FUNC_ls%%': '() { x; }', SHELLOPTS: 'xtrace', BASHOPTS: 'x', CDPATH: '/x' },
  ...{ IFS: 'x', PS4: '$(x)', ZDOTDIR: '/x', LD_PRELOAD: '/x.so', LD_LIBRARY_PATH: '/x', LD_AUDIT: '/x', DYLD_INSERT_LIBRARIES: '/x' },
  ...{ NODE_OPTIONS: '--require /x', NODE_PATH: '/x', PYTHONSTARTUP: '/x', PYTHONPATH: '/x', PYTHONHOME: '/x', RUBYOPT: '-r/x' },
  ...{ PERL5OPT: '-Mx', PERL5LIB: '/x', JAVA_TOOL_OPTIONS: '-javaagent:/x', _JAVA_OPTIONS: 'x', LESSOPEN: '|x', LESS: 'x', EDITOR: 'x' },
  ...{
    VISUAL: 'x',
    BROWSER: 'x',
    GIT_EXTERNAL_DIFF: 'x',
    GIT_SSH_COMMAND: 'x',
    GIT_DIR: '/x',
    GIT_CONFIG_PARAMETERS: "'a=b'",
    GIT_EXEC_PATH: '/x',
  },
  ...{ npm_config_script_shell: 'x', npm_config_userconfig: '/x', RIPGREP_CONFIG_PATH: '/x', TAR_OPTIONS: 'x', GREP_OPTIONS: 'x' },
  ...{ VSCODE_IPC_HOOK_CLI: '/x', SSH_AUTH_SOCK: '/x', DBUS_SESSION_BUS_ADDRESS: 'x', DOCKER_HOST: 'x', ANTHROPIC_API_KEY: 'sk-x' },
};

describe("environment of the agent's commands", () => {
  it('passes nothing on that puts code into a program, whoever allowed the line', () => {
    const from = { ...POISON, PATH: '/bin', HOME: '/home/ada', LC_ALL: 'C' };
    for (const env of [childEnvironment(from), readingEnvironment([], () => undefined, from)]) {
      for (const [name, value] of Object.entries(POISON)) assert.notEqual(env[name], value, name);
      assert.deepEqual([env.HOME, env.LC_ALL, env.PATH, env.PAGER], ['/home/ada', 'C', '/bin', 'cat']);
    }
  });

  it('leaves folders of the workspace out of PATH where nobody was asked', () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plumb-path-')));
    try {
      const PATH = ['/usr/bin', '.', 'node_modules/.bin', '', join(folder, 'bin'), folder, `${folder}-other`].join(delimiter);
      const env = readingEnvironment([folder], () => '/own', { PATH });
      assert.equal(env.PATH, ['/own', '/usr/bin', `${folder}-other`].join(delimiter));
      assert.equal(childEnvironment({ PATH }).PATH, PATH);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

if (process.platform !== 'win32')
  describe('a line that nobody was asked about', () => {
    let folder: string;
    let canary: string;
    let ran: string;
    let shell: NodeShell;
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' });
    const run = (command: string, reading = true) => {
      const request = { command, cwd: folder, timeoutMs: 20_000, ...(reading ? { reading: { roots: [folder] } } : {}) };
      return shell.run(request, () => undefined, new AbortController().signal);
    };
    const didRun = () => {
      const did = existsSync(ran);
      rmSync(ran, { force: true });
      return did;
    };

    before(() => {
      folder = realpathSync(mkdtempSync(join(tmpdir(), 'plumb-reading-')));
      canary = join(folder, 'canary.sh');
      ran = join(folder, 'ran');
      writeFileSync(canary, `#!/bin/sh\ntouch '${ran}'\ncat </dev/null\n`);
      chmodSync(canary, 0o755);
      git('init', '-q', '-b', 'main');
      for (const [key, value] of [
        ['user.email', 'a@b'],
        ['user.name', 'n'],
      ] as const)
        git('config', key, value);
      writeFileSync(join(folder, 'a.txt'), 'one\n');
      writeFileSync(join(folder, '.gitattributes'), '*.txt diff=driver filter=driver\n');
      mkdirSync(join(folder, 'bin'));
      git('add', '.');
      git('commit', '-qm', 'one');
      writeFileSync(join(folder, 'a.txt'), 'two\n');
      shell = createShell({ setting: '' });
    });
    after(async () => {
      await shell.dispose();
      rmSync(folder, { recursive: true, force: true });
    });
    afterEach(() => {
      didRun();
    });

    const CASES: readonly (readonly [key: string, command: string])[] = [
      ['core.fsmonitor', 'git status --short'],
      ['diff.external', 'git diff'],
      ['diff.driver.command', 'git diff'],
      ['diff.driver.textconv', 'git diff'],
      ['diff.driver.textconv', 'git blame a.txt'],
      ['diff.driver.textconv', 'git -C . --no-pager log -p --oneline | head -20'],
      ['filter.driver.clean', 'git status --short'],
      ['filter.driver.clean', 'git diff --stat'],
      ['filter.driver.process', 'git diff'],
      ['alias.lfs', 'git lfs ls-files'],
    ];
    for (const [key, command] of CASES) {
      it(`runs no program that ${key} names for ${command}`, async () => {
        git('config', key, key.startsWith('alias.') ? `!${canary}` : canary);
        try {
          const quiet = await run(command);
          assert.equal(didRun(), false, quiet.output);
          if (command === 'git diff') assert.match(quiet.output, /^\+two$/m);
          if (command.startsWith('git status')) assert.match(quiet.output, /^ M a\.txt$/m);
          if (key === 'core.fsmonitor') return; // switched off for every line
          await run(command, false);
          assert.equal(didRun(), true, 'a line that a person allowed runs as they are used to');
        } finally {
          git('config', '--unset', key);
        }
      });
    }

    it('keeps to that when the temp folder was tidied meanwhile', async () => {
      const path = (await run('echo "$PATH"')).output.trim();
      rmSync(path.split(delimiter)[0] ?? '', { recursive: true });
      git('config', 'filter.driver.clean', canary);
      await run('git status --short');
      git('config', '--unset', 'filter.driver.clean');
      assert.equal(didRun(), false);
    });

    it('runs no hook, and writes no index', async () => {
      for (const hook of ['post-index-change', 'pre-commit']) {
        writeFileSync(join(folder, '.git/hooks', hook), `#!/bin/sh\ntouch '${ran}'\n`);
        chmodSync(join(folder, '.git/hooks', hook), 0o755);
      }
      execFileSync('touch', [join(folder, '.gitattributes')]);
      await run('git status && git diff');
      assert.equal(didRun(), false);
      await run('git commit -qam two', false);
      assert.equal(didRun(), true, 'a commit that a person allowed runs its hooks');
    });

    it('starts no transport for an object that is missing', async () => {
      git('config', 'protocol.ext.allow', 'always');
      git('config', 'remote.origin.url', `ext::${canary}`);
      git('config', 'remote.origin.promisor', 'true');
      git('config', 'extensions.partialClone', 'origin');
      git('config', 'core.repositoryFormatVersion', '1');
      const missing = 'cat-file -t 0123456789012345678901234567890123456789';
      await run(`git ${missing}`);
      assert.equal(didRun(), false);
      await run(`git ${missing}`, false);
      assert.equal(didRun(), true, 'otherwise the repository would have run it');
      for (const key of ['extensions.partialClone', 'remote.origin.promisor', 'remote.origin.url']) git('config', '--unset', key);
    });

    it('looks into no submodule with that one’s own settings', async () => {
      const inner = join(folder, 'inner');
      mkdirSync(inner);
      const sub = (...args: string[]) =>
        execFileSync('git', ['-c', 'user.email=a@b', '-c', 'user.name=n', ...args], { cwd: inner, stdio: 'pipe' });
      sub('init', '-q');
      writeFileSync(join(inner, 'b.txt'), 'b\n');
      writeFileSync(join(inner, '.gitattributes'), '*.txt filter=other\n');
      sub('add', '.');
      sub('commit', '-qm', 'b');
      writeFileSync(join(inner, 'b.txt'), 'c\n');
      sub('config', 'filter.other.clean', canary);
      git('add', 'inner');
      git('commit', '-qm', 'inner');
      writeFileSync(join(folder, '.gitmodules'), '[submodule "inner"]\n\tpath = inner\n\turl = ./inner\n\tignore = none\n');
      didRun();
      await run('git status --short && git diff --stat && git describe --all --dirty');
      assert.equal(didRun(), false);
      await run('git status --short', false);
      assert.equal(didRun(), true, 'otherwise the submodule would have run it');
    });

    it('finds no program in the workspace, and has no input to wait for', async () => {
      writeFileSync(join(folder, 'bin/rev'), `#!/bin/sh\ntouch '${ran}'\n`);
      chmodSync(join(folder, 'bin/rev'), 0o755);
      const path = process.env.PATH;
      process.env.PATH = `${join(folder, 'bin')}${delimiter}${path}`;
      try {
        await run('echo a | rev');
        assert.equal(didRun(), false);
        await run('echo a | rev', false);
        assert.equal(didRun(), true);
      } finally {
        process.env.PATH = path;
      }
      const own = await run('cat; ps -o pgid= -p $$; ps -o tty= -p $$');
      assert.equal(own.exitCode, 0);
      const [group = '', terminal = ''] = own.output.trim().split(/\s+/);
      assert.notEqual(
        group,
        execFileSync('ps', ['-o', 'pgid=', '-p', String(process.pid)])
          .toString()
          .trim(),
      );
      assert.equal(terminal, '?');
    });
  });
