import { strict as assert } from 'node:assert';
import { guardRead, guardWrite } from '../../../../src/core/permission/protected';

const ROOTS = ['/w/app'];

describe('protected paths', () => {
  for (const path of [
    ...[
      '.git/hooks/pre-commit',
      '.git/config',
      '.git',
      'sub/.git',
      '.GIT/config',
      '.git./config',
      '.git /config',
      'git~1/config',
      '.g\u200cit/config',
    ],
    ...[
      '.git::$INDEX_ALLOCATION/config',
      '.vscode/settings.json',
      'pkg/.vscode/tasks.json',
      '.husky/pre-commit',
      '.claude/settings.json',
      '.cursor/mcp.json',
    ],
    ...[
      '.CURSOR/mcp.json',
      '.\uff47it/config',
      '.mcp.json',
      '.npmrc',
      '.yarnrc.yml',
      '.envrc',
      '.gitmodules',
      '.gitattributes',
      'package.json',
      'pkg/package.json',
      'Makefile',
    ],
    ...[
      '.github/workflows/ci.yml',
      '.gitlab-ci.yml',
      '.devcontainer/devcontainer.json',
      'app.code-workspace',
      '.cargo/config.toml',
      'rust-toolchain.toml',
    ],
    ...['.mvn/jvm.config', '.plumb/rules.md', 'HEAD', 'conftest.py', '.bashrc', '.pre-commit-config.yaml'],
  ]) {
    it(`asks before ${path} is written`, () => assert.equal(guardWrite(`/w/app/${path}`, ROOTS)?.effect, 'ask'));
  }

  for (const path of [
    '/home/ada/.bashrc',
    '/home/ada/.ssh/authorized_keys',
    '/etc/hosts',
    '/home/ada/.config/git/config',
    '/home/ada/.config/Code/User/settings.json',
    '/home/ada/Library/LaunchAgents/x.plist',
  ]) {
    it(`asks before ${path} is written`, () => assert.equal(guardWrite(path, ROOTS)?.effect, 'ask'));
  }

  for (const path of [
    '/home/ada/.plumb/sessions/1/events.jsonl',
    '/home/ada/.plumb/anything',
    '/w/app/.plumb/sessions/x',
    '/home/ada/.PLUMB/audit.jsonl',
    '/home/ada/.config/Code/User/globalStorage/plumb.plumb/rules.json',
  ]) {
    it(`never writes ${path}`, () => assert.equal(guardWrite(path, ROOTS)?.effect, 'deny'));
  }

  for (const path of [
    'src/a.ts',
    'git/a',
    '.gitignore',
    'src/hooks/use-x.ts',
    'docs/.github.md',
    'constructor',
    'src/__proto__/a',
    '.github/README.md',
    'src/Head.tsx',
    'my.vscode/a',
    'Dockerfile',
  ]) {
    it(`leaves ${path} free`, () => assert.equal(guardWrite(`/w/app/${path}`, ROOTS), undefined));
  }

  it('judges a path inside a root from that root on', () => {
    assert.equal(guardWrite('/home/ada/.git/worktrees/app/src/a.ts', ['/home/ada/.git/worktrees/app']), undefined);
  });

  for (const path of [
    '.env',
    '.env.local',
    'pkg/.env.production',
    'id_rsa',
    'server.pem',
    'tls.key',
    'credentials.json',
    '.npmrc',
    'prod.tfvars',
    '.ENV',
  ]) {
    it(`asks before ${path} is read`, () => assert.notEqual(guardRead(`/w/app/${path}`), undefined));
  }
  for (const path of ['/home/ada/.ssh/config', '/home/ada/.aws/config', '/proc/self/environ', '/proc/12/environ', '/etc/shadow']) {
    it(`asks before ${path} is read`, () => assert.notEqual(guardRead(path), undefined));
  }
  for (const path of ['.env.example', 'src/env.ts', 'id_rsa.pub', 'src/keys.ts', 'monkey', 'src/secrets/index.ts', 'package.json']) {
    it(`reads ${path} freely`, () => assert.equal(guardRead(`/w/app/${path}`), undefined));
  }
});
