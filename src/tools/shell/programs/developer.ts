import type { ParsedArgs, Spec } from '../table';

/**
 * Reading verbs of developers' tools. Left out on purpose: what looks harmless and runs code of the folder or reaches an
 * address that the folder names, such as `yarn --version`, `cargo metadata`, `npm view`, `go version` and `mvn -v`.
 */

const VERSION = '--version -v -V -version';

function version(flags = VERSION): Spec {
  return {
    does: 'prints its version',
    flags,
    check: (call) => (call.flags.length > 0 ? undefined : 'Without an option it does more than print its version.'),
  };
}

function verbs(does: string, flags: string, names: readonly string[], check?: Spec['check']): Record<string, Spec> {
  return Object.fromEntries(names.map((name): [string, Spec] => [name, { does, operands: 'text', flags, check }]));
}

const DOCKER: Spec = {
  does: 'runs containers',
  flags: '--version -v',
  sub: {
    ...verbs('lists containers', '-a -q -s -n: -l -f: --all --quiet --size --filter= --format= --no-trunc --last= --latest', [
      'ps',
      'container ls',
      'container list',
    ]),
    ...verbs('lists images', '-a -q -f: --all --quiet --filter= --format= --no-trunc --digests', ['images', 'image ls', 'image list']),
    ...verbs('shows the output of a container', '-f -t -n: --tail= --follow --timestamps --since= --until= --details', [
      'logs',
      'container logs',
    ]),
    ...verbs('shows facts of a container or image', '-f: -s --format= --size --type=', [
      'inspect',
      'image inspect',
      'container inspect',
      'volume inspect',
      'network inspect',
    ]),
    ...verbs('lists volumes and networks', '-q -f: --quiet --filter= --format= --no-trunc', [
      'volume ls',
      'network ls',
      'context ls',
      'history',
      'image history',
      'port',
      'top',
      'diff',
    ]),
    ...verbs('shows facts of the engine', '-f: --format= -v', ['version', 'info', 'system df', 'system info']),
    ...verbs('lists services', '-a -q --all --quiet --services --format= --filter= --status=', [
      'compose ps',
      'compose ls',
      'compose images',
      'compose top',
      'compose version',
    ]),
    ...verbs('shows the output of services', '-f -t -n: --tail= --follow --timestamps --since= --until= --no-color --no-log-prefix', [
      'compose logs',
    ]),
  },
};

const KUBECTL =
  '-n: -A -o: -l: -w -L: --namespace= --all-namespaces --output= --selector= --show-labels --field-selector= --sort-by= --watch --no-headers --context= --cluster= --label-columns= --limit= --chunk-size= --containers --recursive --ignore-not-found';

export const DEVELOPER: Readonly<Record<string, Spec>> = {
  node: { does: 'prints its version or checks a file', operands: 'paths', flags: '-v --version -c --check', check: nodeCheck },
  python: version('--version -V'),
  python3: version('--version -V'),
  ruby: version('--version -v'),
  perl: version('--version -v'),
  php: version('--version -v'),
  java: version('-version --version'),
  javac: version('-version --version'),
  gcc: version('--version -dumpversion -dumpmachine'),
  'g++': version('--version -dumpversion -dumpmachine'),
  clang: version('--version'),
  'clang++': version('--version'),
  cmake: version('--version'),
  ninja: version('--version'),
  make: version('--version -v'),
  deno: version('--version -V'),
  bun: version('--version -v --revision'),
  bash: version('--version'),
  zsh: version('--version'),
  curl: version('--version -V'),
  wget: version('--version -V'),
  ssh: version('-V'),
  openssl: { does: 'prints its version', sub: { version: { does: 'prints its version', flags: '-a -v -b -o -f -p -d' } } },
  npm: {
    does: 'manages packages',
    flags: '--version -v',
    sub: {
      ...verbs(
        'lists installed packages',
        '-g -a -l --global --all --long --depth= --json --parseable --prod --production --dev --omit= --include= --link --package-lock-only',
        ['ls', 'list', 'll', 'la'],
      ),
      ...verbs('tells why a package is there', '--json', ['explain', 'why']),
      ...verbs('shows a folder', '-g --global', ['root', 'prefix', 'bin']),
      ...verbs('shows a setting', '-g -l --global --json --long', ['config get', 'config list', 'config ls', 'pkg get', 'get']),
      run: { does: 'lists the scripts', flags: '--json' },
      'run-script': { does: 'lists the scripts', flags: '--json' },
      help: { does: 'prints help', operands: 'text', check: (call) => (call.operands.length > 0 ? 'It opens a page.' : undefined) },
    },
  },
  pip: pip(),
  pip3: pip(),
  rustup: {
    does: 'lists toolchains',
    flags: '--version',
    sub: { ...verbs('lists toolchains', '-v --installed', ['toolchain list', 'target list', 'component list']) },
  },
  brew: {
    does: 'lists packages',
    flags: '--version -v',
    sub: { ...verbs('lists packages', '-1 -l --versions --formula --cask --full-name', ['list', 'ls', 'leaves', 'deps']) },
  },
  docker: DOCKER,
  podman: DOCKER,
  kubectl: {
    does: 'looks at a cluster',
    flags: '-n: --namespace= --context=',
    sub: {
      ...verbs(
        'looks at a cluster',
        KUBECTL,
        ['get', 'describe', 'explain', 'top', 'api-resources', 'api-versions', 'cluster-info', 'events'],
        noSecrets,
      ),
      ...verbs(
        'shows the output of a container',
        '-f -c: -p -l: -n: --follow --container= --previous --tail= --since= --since-time= --timestamps --all-containers --namespace= --selector= --prefix --context=',
        ['logs'],
      ),
      ...verbs('shows settings of the cluster', '-o: --output= --minify --client --short', [
        'version',
        'config current-context',
        'config get-contexts',
        'config get-clusters',
      ]),
    },
  },
  gh: {
    does: 'looks at GitHub',
    flags: '--version',
    sub: verbs(
      'looks at GitHub',
      '-L: -s: -a: -A: -l: -B: -H: -S: -q: -t: -R: -c --limit= --state= --assignee= --author= --label= --base= --head= --search= --json= --jq= --template= --repo= --comments --patch --name-only --required --branch= --workflow= --status= --log --log-failed --verbose --exit-status',
      [
        ...[
          'pr list',
          'pr view',
          'pr diff',
          'pr checks',
          'pr status',
          'issue list',
          'issue view',
          'issue status',
          'repo view',
          'repo list',
        ],
        ...[
          'run list',
          'run view',
          'release list',
          'release view',
          'workflow list',
          'workflow view',
          'auth status',
          'label list',
          'search issues',
          'search prs',
        ],
      ],
    ),
  },
};

function pip(): Spec {
  return {
    does: 'manages packages',
    flags: '--version -V',
    sub: {
      ...verbs('lists installed packages', '-l -f -v --local --user --format= --not-required --exclude-editable --all --verbose', [
        'list',
        'freeze',
        'show',
        'check',
      ]),
    },
  };
}

function nodeCheck(call: ParsedArgs): string | undefined {
  const only = call.flags.map((flag) => flag.name);
  if (only.length === 0) return 'It runs a program.';
  const checks = only.includes('-c') || only.includes('--check');
  return checks || call.operands.length === 0 ? undefined : 'It runs a program.';
}

function noSecrets(call: ParsedArgs): string | undefined {
  return call.operands.some((word) => /secret|^all$/i.test(word.value)) ? 'It could print secrets of the cluster.' : undefined;
}
