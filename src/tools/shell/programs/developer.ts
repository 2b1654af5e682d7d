import type { ParsedArgs, Spec } from '../table';
import { onlyWith, verbs, version } from './make';

/**
 * Reading verbs of developers' tools. Left out on purpose: what looks harmless and runs code of the folder or reaches an
 * address that the folder names, such as `yarn --version`, `cargo metadata`, `npm view`, `go version` and `mvn -v`.
 */

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
    ...verbs('lists what there is', '-q -f: --quiet --filter= --format= --no-trunc', [
      'plugin ls',
      'node ls',
      'node ps',
      'service ls',
      'service ps',
      'stack ls',
      'stack ps',
      'stack services',
      'secret ls',
      'config ls',
      'buildx ls',
      'context show',
      'builder ls',
      'pod ps',
      'pod ls',
      'machine ls',
      'machine list',
      'compose volumes',
    ]),
    ...verbs('shows the work of containers', '-a --all --format= --no-stream --no-trunc', ['stats', 'container stats'], {
      check: onlyWith('It never ends.', '--no-stream'),
    }),
    ...verbs('shows what has happened', '-f: --filter= --format= --since= --until=', ['events', 'system events'], {
      check: onlyWith('It never ends.', '--until'),
    }),
    ...verbs('looks up an image', '-f: --filter= --format= --limit= --no-trunc -v --verbose', ['service logs']),
    ...verbs('shows the settings of services', '-q --quiet --services --images --volumes --profiles --networks', ['compose config'], {
      check: onlyWith(
        'It prints settings that may hold secrets.',
        '-q',
        '--quiet',
        '--services',
        '--images',
        '--volumes',
        '--profiles',
        '--networks',
      ),
    }),
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
  java: version('-version --version'),
  javac: version('-version --version'),
  gcc: version('--version -dumpversion -dumpmachine'),
  'g++': version('--version -dumpversion -dumpmachine'),
  clang: version('--version'),
  'clang++': version('--version'),
  cmake: version('--version'),
  ninja: version('--version'),
  make: version('--version -v'),
  curl: version('--version -V'),
  wget: version('--version -V'),
  ssh: version('-V'),
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
      ...verbs('asks what is installed', '--json', ['query', 'fund', 'cache ls'], { flags: '--json -g --global' }),
      ...verbs('shows a setting', '-g -l --global --json --long', ['config get', 'config list', 'config ls', 'pkg get', 'get']),
      run: { does: 'lists the scripts', flags: '--json' },
      'run-script': { does: 'lists the scripts', flags: '--json' },
      help: { does: 'prints help', operands: 'text', check: (call) => (call.operands.length > 0 ? 'It opens a page.' : undefined) },
    },
  },
  rustup: {
    does: 'lists toolchains',
    sub: { ...verbs('lists toolchains', '-v --installed', ['toolchain list', 'target list', 'component list']) },
  },
  docker: DOCKER,
  podman: DOCKER,
  kubectl: {
    does: 'looks at a cluster',
    flags: '-n: --namespace= --context= --request-timeout=',
    sub: {
      ...verbs(
        'looks at a cluster',
        KUBECTL,
        ['get', 'describe', 'explain', 'top', 'api-resources', 'api-versions', 'cluster-info', 'events'],
        { check: noSecrets },
      ),
      ...verbs(
        'shows the output of a container',
        '-f -c: -p -l: -n: --follow --container= --previous --tail= --since= --since-time= --timestamps --all-containers --namespace= --selector= --prefix --context=',
        ['logs'],
      ),
      ...verbs('looks at a cluster', `${KUBECTL} --revision= --timeout=`, [
        'rollout status',
        'rollout history',
        'auth can-i',
        'auth whoami',
        'options',
      ]),
      ...verbs('shows settings of the cluster', '--minify -o: --output= --context=', ['config view']),
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
    sub: {
      api: {
        does: 'looks at GitHub',
        operands: 'text',
        flags: '-q: -t: -X: -H: -i -p: --jq= --template= --method= --header= --paginate --slurp --include --cache= --preview=',
        check: onlyGets,
      },
      ...verbs(
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
            'search repos',
            'search code',
            'search commits',
            'gist list',
            'secret list',
            'variable list',
            'cache list',
            'ruleset list',
            'project list',
            'org list',
            'extension list',
            'alias list',
            'config list',
            'status',
            'run watch',
          ],
        ],
      ),
    },
  },
};

function nodeCheck(call: ParsedArgs): string | undefined {
  const only = call.flags.map((flag) => flag.name);
  if (only.length === 0) return 'It runs a program.';
  const checks = only.includes('-c') || only.includes('--check');
  return checks || call.operands.length === 0 ? undefined : 'It runs a program.';
}

function noSecrets(call: ParsedArgs): string | undefined {
  return call.operands.some((word) => /secret/i.test(word.value)) ? 'It could print secrets of the cluster.' : undefined;
}

/** Fields make it a POST, and an address would be another server's. */
function onlyGets(call: ParsedArgs): string | undefined {
  const methods = call.flags.filter((flag) => /^(?:-X|--method)$/.test(flag.name)).flatMap((flag) => flag.values);
  const odd =
    call.operands.length !== 1 ||
    /graphql|:\/\//.test(call.operands[0]?.value ?? '') ||
    methods.some((method) => !/^(?:GET|HEAD)$/.test(method));
  return odd ? 'It could change something at GitHub.' : undefined;
}
