import type { ParsedArgs, Spec } from '../table';
import { onlyWith, verbs } from './make';

/** Programs that check or measure files, and other tools that are asked for facts. Sources: their manuals. */

const WRITES = 'It could write or run something.';
const PARSES = 'Without -n it runs the script.';

export const CHECKS: Readonly<Record<string, Spec>> = {
  shellcheck: {
    does: 'checks scripts',
    operands: 'paths',
    flags:
      '-f: -s: -S: -e: -i: -o: -C? -a -W: --format= --shell= --severity= --exclude= --include= --color[=] --version -V --norc --enable= --check-sourced',
  },
  shfmt: {
    does: 'checks how scripts are formatted',
    operands: 'paths',
    flags: '-d -l -i: -ci -s -bn -sr -kp -ln: -f --diff --list --version',
    check: onlyWith(WRITES, '-d', '-l', '-f', '--diff', '--list', '--version'),
  },
  yamllint: { does: 'checks YAML', operands: 'paths', flags: '-f: -s -d: --format= --strict --no-warnings --list-files --version -v' },
  jsonlint: { does: 'checks JSON', operands: 'paths', flags: '-q -c --quiet --compact' },
  hadolint: {
    does: 'checks a build file',
    operands: 'paths',
    flags: '-f: --format= --no-fail --ignore= --version -v -t: --failure-threshold=',
  },
  actionlint: { does: 'checks workflows', operands: 'paths', flags: '-color -no-color -format: -ignore: -oneline -verbose -version' },
  markdownlint: { does: 'prints its version', flags: '--version' },
  codespell: {
    does: 'finds spelling mistakes',
    operands: 'paths',
    flags: '-q: -S: -L: --skip= --ignore-words-list= --quiet-level= --count --version',
  },
  gofmt: {
    does: 'checks how files are formatted',
    operands: 'paths',
    flags: '-l -d -s -e',
    check: onlyWith('It waits for text.', '-l', '-d', '-e', '-s'),
  },
  'clang-format': { does: 'prints formatted text', operands: 'paths', flags: '-n -Werror --dry-run --style= --version -style: --verbose' },
  isort: {
    does: 'checks the order of imports',
    operands: 'paths',
    flags: '-c --check --check-only --diff --version -V --profile=',
    check: onlyWith(WRITES, '-c', '--check', '--check-only', '--version', '-V'),
  },
  tokei: {
    does: 'counts lines of code',
    operands: 'paths',
    flags: '-C -f -e: -t: -s: -o: --files --exclude= --type= --sort= --output= --hidden --no-ignore --compact --version -V',
  },
  cloc: {
    does: 'counts lines of code',
    operands: 'paths',
    flags:
      '--by-file --by-file-by-lang --exclude-dir= --include-lang= --exclude-lang= --include-ext= --exclude-ext= --json --yaml --csv --md --quiet --hide-rate --version --sum-one --force-lang=',
  },
  scc: {
    does: 'counts lines of code',
    operands: 'paths',
    flags:
      '-a -c -d -f: -i: -M: -n: -s: -w -z --by-file --no-cocomo --no-complexity --exclude-dir= --include-ext= --format= --sort= --wide --version',
  },
  bash: { does: 'checks a script or prints its version', operands: 'paths', most: 1, flags: '-n --version --help', check: parsesOnly },
  sh: { does: 'checks a script', operands: 'paths', most: 1, flags: '-n', check: parsesOnly },
  dash: { does: 'checks a script', operands: 'paths', most: 1, flags: '-n', check: parsesOnly },
  zsh: { does: 'checks a script or prints its version', operands: 'paths', most: 1, flags: '-n -f --version', check: parsesOnly },
  php: {
    does: 'checks a file or prints facts',
    operands: 'none',
    flags: '-v --version -m -i -l:@ --ini -h --help',
    check: onlyWith(WRITES, '-v', '--version', '-m', '-i', '-l', '--ini', '-h', '--help'),
  },
  ffprobe: {
    does: 'shows facts of a film',
    operands: 'paths',
    flags:
      '-v: -version -hide_banner -show_format -show_streams -show_entries: -of: -print_format: -select_streams: -i:@ -show_chapters -pretty -loglevel: -count_frames -count_packets',
    check: localOnly,
  },
  mediainfo: { does: 'shows facts of a film', operands: 'paths', flags: '-f --Full --Version --version', check: localOnly },
  exiftool: { does: 'shows facts of a picture', operands: 'paths', flags: '-ver -s -G -a -u -json -j -n', check: localOnly },
  pdfinfo: { does: 'shows facts of a document', operands: 'paths', flags: '-f: -l: -box -meta -dests -rawdates -isodates -v' },
  pdffonts: { does: 'shows facts of a document', operands: 'paths', flags: '-f: -l: -v' },
  pdftotext: {
    does: 'prints the text of a document',
    operands: 'paths',
    least: 2,
    most: 2,
    flags: '-f: -l: -layout -raw -nopgbrk -enc: -q',
    check: toOutput,
  },
  gpg: {
    does: 'lists keys',
    operands: 'text',
    flags:
      '-k -K --list-keys --list-secret-keys --list-public-keys --fingerprint --keyid-format= --with-colons --version --with-fingerprint --list-sigs',
    check: onlyWith(
      WRITES,
      '-k',
      '-K',
      '--list-keys',
      '--list-secret-keys',
      '--list-public-keys',
      '--fingerprint',
      '--version',
      '--list-sigs',
    ),
  },
  'ssh-keygen': { does: 'shows a key', flags: '-l -f:@ -E: -v -F:', check: onlyWith(WRITES, '-l', '-F') },
  'ssh-add': { does: 'lists keys', flags: '-l -L', check: onlyWith(WRITES, '-l', '-L') },
  openssl: {
    does: 'looks at certificates',
    sub: {
      version: { does: 'prints its version', flags: '-a -v -b -o -f -p -d' },
      x509: {
        does: 'shows a certificate',
        flags:
          '-in:@ -inform: -text -noout -subject -issuer -dates -enddate -startdate -fingerprint -serial -purpose -nameopt: -ext: -sha256 -sha1 -pubkey -checkend: -hash -email -modulus',
        check: onlyWith(WRITES, '-noout'),
      },
      req: {
        does: 'shows a request',
        flags: '-in:@ -inform: -text -noout -subject -verify -pubkey -modulus',
        check: onlyWith(WRITES, '-noout'),
      },
      crl: {
        does: 'shows a list',
        flags: '-in:@ -inform: -text -noout -issuer -lastupdate -nextupdate',
        check: onlyWith(WRITES, '-noout'),
      },
      ciphers: { does: 'lists ciphers', operands: 'text', flags: '-v -V -s -tls1_2 -tls1_3' },
      list: {
        does: 'lists algorithms',
        flags: '-commands -digest-commands -cipher-commands -digest-algorithms -cipher-algorithms -public-key-algorithms',
      },
    },
  },
  tmux: {
    does: 'lists sessions',
    flags: '-V',
    sub: verbs('lists sessions', '-a -s', ['ls', 'list-sessions', 'list-windows', 'list-panes', 'list-clients', 'lsw', 'lsp'], {
      operands: 'none',
    }),
  },
  screen: { does: 'lists sessions', flags: '-ls -list -v --version', check: onlyWith(WRITES, '-ls', '-list', '-v', '--version') },
  supervisorctl: { does: 'shows programs', sub: verbs('shows programs', '', ['status', 'avail', 'version', 'pid']) },
  code: {
    does: 'shows facts of the editor',
    flags: '--version -v --list-extensions --show-versions --status -s --help',
    check: onlyWith(WRITES, '--version', '-v', '--list-extensions', '--status', '-s', '--help'),
  },
  cloudflared: { does: 'prints its version', flags: '--version' },
  direnv: { does: 'shows its state', flags: '--version', sub: verbs('shows its state', '', ['status', 'version'], { operands: 'none' }) },
  zig: {
    does: 'shows facts of the compiler',
    sub: verbs('shows facts of the compiler', '', ['version', 'env', 'targets', 'zen'], { operands: 'none' }),
  },
  deno: { does: 'prints its version', flags: '--version -V' },
  bun: {
    does: 'lists packages',
    flags: '--version -v --revision',
    sub: verbs('lists packages', '-g --all', ['pm ls', 'pm bin', 'pm cache', 'pm hash'], { operands: 'none' }),
  },
  ack: {
    does: 'searches text',
    operands: 'pattern',
    flags:
      '-i -v -w -l -L -c -h -H -n -o -Q -A: -B: -C: -m: -g --js --ts --python --ruby --go --java --php --css --html --json --type= --ignore-dir= --nocolor --nogroup --noenv',
    check: onlyWith('Its settings may come from the folder.', '--noenv'),
  },
  ruby: { does: 'checks a file or prints its version', operands: 'paths', most: 1, flags: '--version -v -c', check: rubyCheck },
  perl: { does: 'prints its version', flags: '--version -v', check: onlyWith(WRITES, '--version', '-v') },
};

function parsesOnly(call: ParsedArgs): string | undefined {
  const has = (name: string): boolean => call.flags.some((flag) => flag.name === name);
  if (has('--version') || has('--help')) return undefined;
  return has('-n') && call.operands.length === 1 ? undefined : PARSES;
}

function rubyCheck(call: ParsedArgs): string | undefined {
  const names = call.flags.map((flag) => flag.name);
  if (names.includes('-c')) return call.operands.length === 1 ? undefined : PARSES;
  return names.length > 0 && call.operands.length === 0 ? undefined : 'It runs a program.';
}

/** An address, a protocol or a device would be opened as well. */
function localOnly(call: ParsedArgs): string | undefined {
  return [...call.operands.map((word) => word.value), ...call.flagPaths].some((value) => /[:|]/.test(value)) ? WRITES : undefined;
}

function toOutput(call: ParsedArgs): string | undefined {
  return call.operands[1]?.value === '-' ? undefined : WRITES;
}
