import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute, resolve, sep } from 'node:path';

/** What a program started by the agent may know of our environment: names on this list and nothing else. */
const PASSED = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TMP', 'TEMP'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'FTP_PROXY'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO'],
  ...['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME'],
  ...['JAVA_HOME', 'GOPATH', 'GOROOT', 'CARGO_HOME', 'RUSTUP_HOME', 'NVM_DIR', 'PNPM_HOME', 'VOLTA_HOME', 'DENO_DIR', 'BUN_INSTALL'],
  ...['PYENV_ROOT', 'VIRTUAL_ENV', 'CONDA_PREFIX', 'DOTNET_ROOT', 'ANDROID_HOME', 'NIX_PATH', 'NIX_PROFILES'],
  // Windows programs do not start without these.
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'OS', 'PROCESSOR_ARCHITECTURE', 'NUMBER_OF_PROCESSORS'],
  ...['USERPROFILE', 'USERNAME', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'PROGRAMFILES'],
  ...['PROGRAMFILES(X86)', 'PROGRAMW6432', 'COMMONPROGRAMFILES', 'PSMODULEPATH'],
]);

/** Nobody is there to page, to answer a prompt or to look at colours. */
const FIXED: Readonly<Record<string, string>> = {
  TERM: 'dumb',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
  NO_COLOR: '1',
  PYTHONUNBUFFERED: '1',
  // Queries pass without asking, so nothing in a repository may make them run a program or call home.
  GIT_CONFIG_COUNT: '3',
  GIT_CONFIG_KEY_0: 'core.fsmonitor',
  GIT_CONFIG_VALUE_0: 'false',
  GIT_CONFIG_KEY_1: 'safe.bareRepository',
  GIT_CONFIG_VALUE_1: 'explicit',
  GIT_CONFIG_KEY_2: 'diff.autoRefreshIndex',
  GIT_CONFIG_VALUE_2: 'false',
  npm_config_update_notifier: 'false',
};

/**
 * For lines that were judged to read only, and that nobody was asked about: nothing of the folder may have a program run,
 * write or call home. A line that a person or a rule allowed does not get these, for there hooks and drivers are meant.
 */
const READING: Readonly<Record<string, string>> = {
  // No refreshed index, so no hook for it either; no object is fetched, so no transport and no helper is started.
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_ASKPASS: 'false',
  SSH_ASKPASS: 'false',
  GIT_EDITOR: 'false',
  MANPAGER: 'cat',
  GH_PAGER: 'cat',
  BAT_PAGER: 'cat',
  SYSTEMD_PAGER: 'cat',
  npm_config_ignore_scripts: 'true',
  npm_config_ignore_pnpmfile: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  // Yarn, Corepack and pnpm would start the version of themselves that the folder names.
  YARN_IGNORE_PATH: '1',
  COREPACK_ENABLE_PROJECT_SPEC: '0',
  npm_config_manage_package_manager_versions: 'false',
  // A module is never looked for in the current folder first.
  PYTHONSAFEPATH: '1',
  PYTHONDONTWRITEBYTECODE: '1',
};
const READING_GIT: readonly (readonly [key: string, value: string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.pager', 'cat'],
  ['core.editor', 'false'],
  ['core.sshCommand', 'false'],
  ['core.gitProxy', 'false'],
  ['core.alternateRefsCommand', 'true'],
  ['credential.helper', ''],
  ['log.showSignature', 'false'],
  ['gpg.program', 'false'],
  ['gpg.ssh.program', 'false'],
  ['gpg.x509.program', 'false'],
  // Git looks into a submodule with that one's own settings.
  ['diff.ignoreSubmodules', 'dirty'],
];

/**
 * The environment of the agent's commands: an allow-list, so that keys, editor sockets and variables that inject code
 * into other programs (`NODE_OPTIONS`, `BASH_ENV`, `LD_PRELOAD`) never reach them, whatever they are called.
 */
export function childEnvironment(from: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const passed = Object.entries(from).filter((entry): entry is [string, string] => entry[1] !== undefined && isPassed(entry[0]));
  return { ...Object.fromEntries(passed), ...FIXED };
}

function isPassed(name: string): boolean {
  const upper = name.toUpperCase();
  return PASSED.has(upper) || /^LC_[A-Z]+$/.test(name);
}

/** The environment of a line that nobody was asked about. `tools`: a folder of ours whose programs come before all others. */
export function readingEnvironment(
  roots: readonly string[],
  tools: (path: string) => string | undefined,
  from: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const env = { ...childEnvironment(from), ...READING };
  const first = Number(FIXED.GIT_CONFIG_COUNT);
  const git = READING_GIT.flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${first + i}`, key],
    [`GIT_CONFIG_VALUE_${first + i}`, value],
  ]);
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const path = outside(env[name] ?? '', roots);
  const own = tools(path);
  return {
    ...env,
    ...Object.fromEntries(git),
    GIT_CONFIG_COUNT: String(first + READING_GIT.length),
    [name]: own === undefined ? path : `${own}${delimiter}${path}`,
  };
}

/** PATH without the folders of the workspace: the agent could have put a program there. A relative one leads there, too. */
function outside(path: string, roots: readonly string[]): string {
  const isInside = (folder: string) => roots.some((root) => folder === root || folder.startsWith(root.endsWith(sep) ? root : root + sep));
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !isInside(resolve(folder)) && !isInside(realOf(folder)))
    .join(delimiter);
}

function realOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder); // not there, so nothing is found in it
  }
}
