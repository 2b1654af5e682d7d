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
