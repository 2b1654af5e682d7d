import type { ParsedArgs, Spec } from '../table';
import { onlyWith, plainNames, verbs } from './make';

/** Looking at what is installed. Sources: npm 11, pip 25, Homebrew 4, apt 2.9, dnf 4, pacman 6 and the others' manuals. */

const INSTALLS = 'Without such an option it does more than list.';
const PIP =
  '-l -f -v -o -e --local --user --format= --not-required --exclude-editable --all --verbose --outdated --uptodate --editable --pre --files --path=@ --disable-pip-version-check';
const APT = '-a -n -i --installed --upgradable --upgradeable --all-versions --names-only --full --manual-installed';
const RPM =
  '-q -a -C -v --installed --available --upgrades --showduplicates --repo= --whatprovides= --qf= --list --info --requires --provides';
const BREW =
  '-1 -l -v --versions --formula --formulae --cask --casks --full-name --json[=] --installed --tree --pinned --multiple --desc --eval-all --recursive --include-build --github --analytics';

export const PACKAGES: Readonly<Record<string, Spec>> = {
  pip: pip(),
  pip3: pip(),
  pipx: {
    does: 'lists packages',
    flags: '--version',
    sub: verbs('lists packages', '--short --json --include-injected', ['list'], { operands: 'none' }),
  },
  conda: conda(),
  mamba: conda(),
  micromamba: conda(),
  pyenv: {
    does: 'lists versions',
    flags: '--version',
    sub: verbs(
      'lists versions',
      '--bare --skip-aliases -l --list --all',
      ['versions', 'version', 'root', 'commands', 'which', 'whence', 'version-name', 'version-origin'],
      { check: plainNames },
    ),
  },
  rbenv: {
    does: 'lists versions',
    flags: '--version -v',
    sub: verbs('lists versions', '--bare', ['versions', 'version', 'root', 'which', 'whence', 'version-name'], { check: plainNames }),
  },
  nvm: {
    does: 'lists versions',
    flags: '--version',
    sub: verbs('lists versions', '--no-colors --no-alias', ['ls', 'list', 'current', 'which', 'version'], { check: plainNames }),
  },
  fnm: { does: 'lists versions', flags: '--version', sub: verbs('lists versions', '', ['ls', 'list', 'current'], { operands: 'none' }) },
  volta: {
    does: 'lists versions',
    flags: '--version',
    sub: verbs('lists versions', '--format= -d --all', ['list', 'ls', 'which'], { check: plainNames }),
  },
  asdf: {
    does: 'lists versions',
    flags: '--version',
    sub: verbs('lists versions', '', ['list', 'current', 'plugin list', 'where', 'which', 'info', 'version'], { check: plainNames }),
  },
  gem: {
    does: 'lists packages',
    flags: '--version -v',
    sub: verbs(
      'lists packages',
      '-l -a -d --local --all --details --versions --no-versions --installed',
      ['list', 'env', 'environment', 'which', 'contents', 'dependency', 'specification', 'info'],
      { check: plainNames },
    ),
  },
  brew: {
    does: 'lists packages',
    flags: '--version -v --prefix --cellar --cache --repository',
    sub: verbs('lists packages', BREW, [
      'list',
      'ls',
      'leaves',
      'deps',
      'uses',
      'info',
      'desc',
      'search',
      'config',
      'services list',
      'cat',
      'missing',
      'formulae',
      'casks',
      'commands',
      'shellenv',
      'options',
    ]),
  },
  apt: {
    does: 'looks up packages',
    flags: '--version -v',
    sub: verbs('looks up packages', APT, ['list', 'show', 'search', 'policy', 'depends', 'rdepends', 'showsrc']),
  },
  'apt-get': { does: 'looks up packages', flags: '--version -v', sub: verbs('looks up packages', '', ['check'], { operands: 'none' }) },
  'apt-mark': { does: 'lists packages', sub: verbs('lists packages', '', ['showmanual', 'showauto', 'showhold']) },
  'apt-cache': {
    does: 'looks up packages',
    sub: verbs('looks up packages', '-n -f -i --names-only --full --installed --recurse', [
      'policy',
      'show',
      'search',
      'depends',
      'rdepends',
      'madison',
      'pkgnames',
      'showpkg',
      'stats',
      'showsrc',
    ]),
  },
  'apt-file': { does: 'looks up packages', sub: verbs('looks up packages', '-x -l', ['search', 'find', 'list', 'show']) },
  dnf: { does: 'looks up packages', flags: '--version -C -q', sub: verbs('looks up packages', RPM, RPM_VERBS()) },
  yum: { does: 'looks up packages', flags: '--version -C -q', sub: verbs('looks up packages', RPM, RPM_VERBS()) },
  zypper: {
    does: 'looks up packages',
    flags: '--version -n --no-refresh -q',
    sub: verbs('looks up packages', '-i -s -u -d -r: --installed-only --details', [
      'search',
      'se',
      'info',
      'if',
      'repos',
      'lr',
      'packages',
      'pa',
      'list-updates',
      'lu',
      'patterns',
      'what-provides',
      'wp',
    ]),
  },
  pacman: {
    does: 'looks up packages',
    operands: 'text',
    flags: '-Q -S -s -i -l -e -d -t -u -m -n -o -k -q -g -h -V --query --search --info --list --version --help',
    check: pacmanCheck,
  },
  apk: {
    does: 'looks up packages',
    flags: '--version -V',
    sub: verbs(
      'looks up packages',
      '-I -a -v -e -d -w -L -R -r -W -P -u -q --installed --available --upgradable --description --contents --who-owns --exact',
      ['info', 'list', 'search', 'policy', 'stats', 'version', 'dot'],
    ),
  },
  snap: {
    does: 'lists packages',
    flags: '--version',
    sub: verbs('lists packages', '--all --verbose --color= --unicode=', [
      'list',
      'info',
      'find',
      'services',
      'connections',
      'changes',
      'version',
      'interfaces',
    ]),
  },
  flatpak: {
    does: 'lists packages',
    flags: '--version',
    sub: verbs('lists packages', '--app --runtime --user --system --columns= --all -a -d --show-details -m -r', [
      'list',
      'info',
      'search',
      'remotes',
      'history',
      'ps',
    ]),
  },
  port: {
    does: 'lists packages',
    sub: verbs('lists packages', '', [
      'installed',
      'list',
      'search',
      'info',
      'contents',
      'deps',
      'outdated',
      'version',
      'variants',
      'provides',
    ]),
  },
  'nix-env': {
    does: 'lists packages',
    operands: 'text',
    flags: '-q -a -s -c --query --installed --available --version',
    check: onlyWith(INSTALLS, '-q', '--query', '--version'),
  },
  nix: { does: 'prints its version', flags: '--version' },
  pkgutil: {
    does: 'lists packages',
    operands: 'text',
    flags: '--pkgs[=] --files= --pkg-info= --packages',
    check: onlyWith(INSTALLS, '--pkgs', '--files', '--pkg-info', '--packages'),
  },
  mas: { does: 'lists packages', sub: verbs('lists packages', '', ['list', 'version', 'outdated', 'account', 'info', 'search']) },
  'pkg-config': {
    does: 'shows how to build with a library',
    operands: 'text',
    flags:
      '--version --list-all --modversion --cflags --libs --exists --atleast-version= --variable= --print-variables --print-errors --static --libs-only-l --cflags-only-I --print-requires',
    check: plainNames,
  },
  choco: {
    does: 'lists packages',
    flags: '--version',
    sub: verbs('lists packages', '-l -i --local-only --limit-output -r', ['list', 'search', 'find', 'info', 'outdated']),
  },
  scoop: { does: 'lists packages', sub: verbs('lists packages', '', ['list', 'search', 'info', 'status', 'which', 'bucket list']) },
  winget: {
    does: 'lists packages',
    flags: '--version -v --info',
    sub: verbs('lists packages', '--id= --name= -q: --exact -e --source= --count=', ['list', 'search', 'show', 'source list', 'features']),
  },
};

function pip(): Spec {
  return {
    does: 'lists packages',
    flags: '--version -V --disable-pip-version-check',
    sub: verbs(
      'lists packages',
      PIP,
      [
        'list',
        'freeze',
        'show',
        'check',
        'config list',
        'cache dir',
        'cache list',
        'cache info',
        'inspect',
        'index versions',
        'debug',
        'help',
      ],
      { check: plainNames },
    ),
  };
}

function conda(): Spec {
  return {
    does: 'lists packages',
    flags: '--version -V',
    sub: verbs('lists packages', '-n: -e -c -f --name= --json --envs --export --all --system', ['list', 'info', 'env list', 'search'], {
      check: plainNames,
    }),
  };
}

function RPM_VERBS(): readonly string[] {
  return [
    'list',
    'info',
    'search',
    'repolist',
    'provides',
    'whatprovides',
    'repoquery',
    'deplist',
    'history',
    'group list',
    'grouplist',
    'module list',
  ];
}

/** `-Q` asks what is installed; `-S` installs unless it searches or shows. */
function pacmanCheck(call: ParsedArgs): string | undefined {
  const has = (name: string): boolean => call.flags.some((flag) => flag.name === name);
  if (has('-V') || has('--version') || has('-h') || has('--help')) return undefined;
  if (has('-u') && has('-S')) return INSTALLS;
  if (has('-Q') || has('--query')) return undefined;
  return has('-S') && (has('-s') || has('-i') || has('-l') || has('-g')) ? undefined : INSTALLS;
}
