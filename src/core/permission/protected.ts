import { below, normalize } from './paths';

/**
 * Three lists [B5]: places that always ask before they are written, in every mode and whatever the rules say; our own
 * state, which the agent never writes; and files whose very content is a secret, which ask to be read.
 */

export type Guard = { readonly effect: 'ask' | 'deny'; readonly why: string };

/** Folder names that mean something wherever they occur in a path. */
const FOLDERS: Readonly<Record<string, string>> = {
  '.git': 'Git runs hooks and settings from this folder',
  '.vscode': 'the editor reads settings and tasks from this folder and can run them',
  '.vscode-server': 'the editor keeps its settings here',
  '.idea': 'the IDE reads run configurations from this folder',
  '.husky': 'these are Git hooks',
  '.githooks': 'these are Git hooks',
  '.claude': 'another agent takes instructions and hooks from this folder',
  '.cursor': 'another agent takes instructions and servers from this folder',
  '.codex': 'another agent takes instructions and settings from this folder',
  '.gemini': 'another agent takes instructions and settings from this folder',
  '.devcontainer': 'the editor builds and starts containers from this folder',
  '.cargo': 'cargo takes programs to run from this folder',
  '.mvn': 'Maven takes start options from this folder',
  '.yarn': 'Yarn runs programs from this folder',
  '.circleci': 'the build service runs what stands here',
  '.ssh': 'it holds keys and decides who may log in',
  '.gnupg': 'it holds keys',
  '.aws': 'it holds cloud credentials',
  '.kube': 'it holds cluster credentials',
  '.docker': 'it holds registry credentials and settings',
  '.plumb': "it holds Plumb's own rules and instructions",
  launchagents: 'programs listed here start by themselves',
  launchdaemons: 'programs listed here start by themselves',
  autostart: 'programs listed here start by themselves',
};

/** Pairs of folders, the second inside the first. */
const NESTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '.github': { workflows: 'the build service runs what stands here', actions: 'the build service runs what stands here' },
  '.config': {
    git: 'Git takes settings and programs to run from here',
    fish: 'the shell runs what stands here',
    systemd: 'services listed here start by themselves',
    code: "the editor's own settings lie here",
  },
};

const SHELL_START = 'every new shell runs this file';
const PACKAGE = 'package tools take addresses and programs to run from this file';
const GIT = 'Git takes settings and programs to run from this file';
const BUILD = 'commands in this file run when the project is built or tested';
const CI = 'the build service runs what stands here';
const AGENT = 'agents take servers or instructions from this file';

const FILES: Readonly<Record<string, string>> = {
  ...named(SHELL_START, [
    ...['.bashrc', '.bash_profile', '.bash_login', '.bash_logout', '.bash_aliases', '.profile', '.zshrc', '.zshenv', '.zprofile'],
    ...['.zlogin', '.zlogout', '.kshrc', '.cshrc', '.tcshrc', '.login', '.inputrc', '.envrc', 'profile.ps1'],
    'microsoft.powershell_profile.ps1',
  ]),
  ...named(PACKAGE, [
    ...['.npmrc', '.yarnrc', '.yarnrc.yml', '.pnpmfile.cjs', 'pnpmfile.cjs', 'pnpm-workspace.yaml', '.pypirc', 'pip.conf', 'bunfig.toml'],
    ...['.condarc', '.gemrc', 'nuget.config', 'global.json'],
  ]),
  ...named(GIT, ['.gitconfig', '.gitmodules', '.gitattributes', '.git-credentials', 'head', 'packed-refs']),
  ...named(BUILD, [
    ...['package.json', 'makefile', 'gnumakefile', 'justfile', 'rakefile', 'taskfile.yml', 'build.rs', 'conftest.py', 'sitecustomize.py'],
    ...[
      'rust-toolchain',
      'rust-toolchain.toml',
      '.pre-commit-config.yaml',
      'lefthook.yml',
      '.lefthook.yml',
      '.lintstagedrc',
      'gradle.properties',
    ],
    ...['gradlew', 'mvnw', 'gradle-wrapper.properties', '.tool-versions', 'mise.toml', '.mise.toml'],
  ]),
  ...named(CI, ['.gitlab-ci.yml', '.travis.yml', 'jenkinsfile', 'azure-pipelines.yml', 'bitbucket-pipelines.yml', '.drone.yml']),
  ...named(AGENT, ['.mcp.json', 'mcp.json', '.cursorrules', '.clinerules', '.windsurfrules', '.roomodes']),
  ...named('programs read settings, commands or passwords from this file', [
    ...[
      '.ripgreprc',
      '.curlrc',
      '.wgetrc',
      '.netrc',
      '.vimrc',
      '.nvimrc',
      '.exrc',
      '.gvimrc',
      '.tmux.conf',
      '.screenrc',
      '.psqlrc',
      '.sqliterc',
    ],
    ...['.gdbinit', '.lldbinit', '.my.cnf', '.irbrc', '.pythonrc', 'authorized_keys', 'crontab', 'sudoers'],
  ]),
};

const ENDINGS: Readonly<Record<string, string>> = {
  '.code-workspace': 'the editor reads settings and tasks from this file and can run them',
  '.desktop': 'desktops start programs from this file',
  '.service': 'services start by themselves',
};

/** Why writing this path needs a person, or is never done; undefined for ordinary files. */
export function guardWrite(path: string, roots: readonly string[]): Guard | undefined {
  const inner = roots.map((root) => below(path, root)).find((rest) => rest !== undefined);
  const segments = (inner ?? normalize(path)).split('/').map(fold).filter(Boolean);
  const state = ownState(segments, inner !== undefined);
  if (state) return { effect: 'deny', why: state };
  for (const [i, segment] of segments.entries()) {
    const name = /^git~\d$/.test(segment) ? '.git' : segment;
    const nested = own(NESTED, name);
    const folder = own(FOLDERS, name) ?? (nested && own(nested, segments[i + 1] ?? ''));
    if (folder) return { effect: 'ask', why: folder };
  }
  const name = segments.at(-1) ?? '';
  const file = own(FILES, name) ?? Object.entries(ENDINGS).find(([ending]) => name.endsWith(ending))?.[1];
  if (file) return { effect: 'ask', why: file };
  if (inner === undefined && segments[0] === 'etc') return { effect: 'ask', why: 'it configures the whole machine' };
  if (segments.includes('user') && (name === 'settings.json' || name === 'keybindings.json' || name === 'tasks.json')) {
    return { effect: 'ask', why: "the editor's own settings, permission rules among them, lie here" };
  }
  return undefined;
}

/** Sessions, audit and rules of Plumb itself: an agent that could write them could forge its own permissions. */
function ownState(segments: readonly string[], inside: boolean): string | undefined {
  const at = segments.indexOf('.plumb');
  const ours = /^(?:sessions|identity|preimages|spill|memory|metrics|audit\.jsonl|log\.jsonl)$/;
  if (at >= 0 && (!inside || ours.test(segments[at + 1] ?? ''))) return "Plumb's own records lie here, and the agent never writes them";
  const storage = segments.indexOf('globalstorage');
  if (storage >= 0 && /^plumb(?:\.|$)/.test(segments[storage + 1] ?? ''))
    return "Plumb's own state lies here, and the agent never writes it";
  return undefined;
}

const SECRET_NAMES =
  /^(?:\.env(?:\..+)?|\.envrc|id_(?:rsa|dsa|ecdsa|ed25519)(?:_.*)?|.*\.(?:pem|key|p12|pfx|jks|keystore|ppk|kdbx|agekey)|credentials(?:\.json|\.toml|\.yml|\.yaml)?|\.netrc|_netrc|\.pgpass|\.git-credentials|\.htpasswd|\.npmrc|\.pypirc|\.my\.cnf|secrets?\.(?:json|ya?ml|toml|env|txt)|service[-_]?account.*\.json|terraform\.tfstate(?:\.backup)?|.*\.tfvars|shadow|gshadow)$/;
const SECRET_EXAMPLES = /^\.env\.(?:example|sample|template|dist|defaults?|schema)$/;
const SECRET_FOLDERS = new Set(['.ssh', '.gnupg', '.aws', '.azure', '.kube', '.gcloud', 'gcloud']);

/** Why reading this path needs a person: its content is a secret. */
export function guardRead(path: string): string | undefined {
  const segments = normalize(path).split('/').map(fold).filter(Boolean);
  const name = segments.at(-1) ?? '';
  if (SECRET_EXAMPLES.test(name) || name.endsWith('.pub')) return undefined;
  if (segments[0] === 'proc' && /^(?:environ|mem|cmdline|maps|fd)$/.test(segments[2] ?? ''))
    return 'it shows the memory or the environment of a process';
  if (SECRET_NAMES.test(name)) return 'it looks like a file of secrets';
  if (segments.some((segment) => SECRET_FOLDERS.has(segment))) return 'it lies in a folder of keys and credentials';
  return undefined;
}

/** One spelling for every way that a file system may read a name: case, Unicode form, ignorable characters, Windows tails. */
function fold(segment: string): string {
  return segment
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/::?\$?[A-Za-z_$]*$/, '')
    .replace(/[. ]+$/, (tail) => (/^\.{1,2}$/.test(segment) ? tail : ''))
    .toLowerCase();
}

/** A lookup that a folder called `constructor` cannot fool. */
function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function named(why: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, why]));
}
