import { grepDescent, ripgrepDescent } from '../below';
import { awkReason } from '../scripts/awk';
import { jqReason } from '../scripts/jq';
import { sedReason } from '../scripts/sed';
import type { ParsedArgs, Spec } from '../table';

const GREP =
  '-# -E -F -G -P -e: -i -v -w -x -y -z -c -L -l -m: -o -q -s -b -H -h -n -T -Z -A: -B: -C: -a -I -D: -d: -r -U -p -S --extended-regexp --fixed-strings --basic-regexp --perl-regexp --regexp= --ignore-case --no-ignore-case --invert-match --word-regexp --line-regexp --count --color[=] --colour[=] --files-without-match --files-with-matches --max-count= --only-matching --quiet --silent --no-messages --byte-offset --with-filename --no-filename --label= --line-number --initial-tab --null --after-context= --before-context= --context= --text --binary-files= --devices= --directories= --exclude= --exclude-dir= --include= --recursive --line-buffered --null-data --version --help';

const CONDITIONS = '-e -f -d -r -w -x -s -z -n -L -h -p -S -b -c -g -u -k -O -G -N -t -a -o -eq -ne -lt -le -gt -ge -nt -ot -ef';

/** Programs that filter text. Sources: GNU coreutils 9, grep 3.11, sed 4.9, gawk 5.3, ripgrep 14, jq 1.7. */
export const TEXT: Readonly<Record<string, Spec>> = {
  grep: { does: 'searches text', operands: 'pattern', tame: true, descends: grepDescent, flags: GREP },
  egrep: { does: 'searches text', operands: 'pattern', tame: true, descends: grepDescent, flags: GREP },
  fgrep: { does: 'searches text', operands: 'pattern', tame: true, descends: grepDescent, flags: GREP },
  rg: {
    does: 'searches text',
    operands: 'pattern',
    descends: ripgrepDescent,
    patternFlags: ['-e', '--regexp', '--files', '--type-list'],
    flags:
      '-# -e: -i -S -s -F -w -x -v -n -N -c -l -o -q -H -I -U -P -p -0 -a -u -A: -B: -C: -g: -t: -T: -m: -M: -j: -r: -d: -E: --regexp= --ignore-case --smart-case --case-sensitive --fixed-strings --word-regexp --line-regexp --invert-match --line-number --no-line-number --count --count-matches --files --files-with-matches --files-without-match --only-matching --quiet --with-filename --no-filename --multiline --multiline-dotall --pcre2 --pretty --null --text --unrestricted --hidden --no-ignore --no-ignore-vcs --no-ignore-parent --after-context= --before-context= --context= --glob= --iglob= --type= --type-not= --type-list --max-count= --max-columns= --max-columns-preview --max-depth= --maxdepth= --max-filesize= --threads= --replace= --color= --colors= --column --no-column --heading --no-heading --json --sort= --sortr= --stats --trim --vimgrep --passthru --no-messages --no-config --engine= --encoding= --line-buffered --context-separator= --glob-case-insensitive --one-file-system --crlf --version',
  },
  ag: {
    does: 'searches text',
    operands: 'pattern',
    flags:
      '-i -s -S -l -L -c -n -o -v -w -Q -A: -B: -C: -G: -m: --ignore= --hidden --nocolor --nogroup --color --group --column --depth= --literal --count',
  },
  sed: {
    does: 'prints edited text',
    operands: 'pattern',
    flags:
      '-n -E -r -s -u -z -e: -l: --quiet --silent --regexp-extended --expression= --separate --unbuffered --null-data --posix --debug --sandbox --line-length=',
    check: (call) => firstReason(scriptsOf(call, '-e', '--expression'), sedReason),
  },
  awk: {
    does: 'prints edited text',
    operands: 'pattern',
    patternFlags: [],
    flags: '-F: -v: --field-separator= --assign= --posix --re-interval',
    check: awkCheck,
  },
  gawk: {
    does: 'prints edited text',
    operands: 'pattern',
    patternFlags: [],
    flags: '-F: -v: --field-separator= --assign= --posix --re-interval',
    check: awkCheck,
  },
  mawk: { does: 'prints edited text', operands: 'pattern', patternFlags: [], flags: '-F: -v:', check: awkCheck },
  jq: {
    does: 'reads JSON',
    operands: 'pattern',
    patternFlags: [],
    flags:
      '-c -r -j -a -s -n -e -S -C -M -R --compact-output --raw-output --join-output --ascii-output --slurp --null-input --exit-status --sort-keys --color-output --monochrome-output --raw-input --tab --indent= --arg:2 --argjson:2 --stream --seq --raw-output0 --unbuffered --version',
    check: (call) => firstReason(scriptsOf(call), jqReason),
  },
  cut: {
    does: 'prints columns',
    operands: 'paths',
    tame: true,
    flags:
      '-b: -c: -d: -f: -n -s -z --bytes= --characters= --delimiter= --fields= --complement --only-delimited --output-delimiter= --zero-terminated',
  },
  tr: {
    does: 'replaces characters',
    operands: 'text',
    tame: true,
    flags: '-c -C -d -s -t --complement --delete --squeeze-repeats --truncate-set1',
  },
  sort: {
    does: 'sorts lines',
    operands: 'paths',
    flags:
      '-b -d -f -g -i -M -h -n -R -r -V -c -C -k: -m -s -S: -t: -u -z --ignore-leading-blanks --dictionary-order --ignore-case --general-numeric-sort --ignore-nonprinting --month-sort --human-numeric-sort --numeric-sort --random-sort --reverse --sort= --version-sort --check[=] --key= --merge --stable --buffer-size= --field-separator= --unique --zero-terminated --parallel= --debug',
  },
  uniq: {
    does: 'merges equal lines',
    operands: 'paths',
    most: 1,
    flags:
      '-c -d -D -f: -i -s: -u -w: -z --count --repeated --all-repeated[=] --skip-fields= --ignore-case --skip-chars= --unique --check-chars= --group[=] --zero-terminated',
  },
  paste: { does: 'joins lines', operands: 'paths', tame: true, flags: '-d: -s -z --delimiters= --serial --zero-terminated' },
  join: {
    does: 'joins files',
    operands: 'paths',
    tame: true,
    flags: '-a: -e: -i -j: -o: -t: -v: -1: -2: -z --ignore-case --check-order --nocheck-order --header',
  },
  nl: { does: 'numbers lines', operands: 'paths', tame: true, flags: '-b: -d: -f: -h: -i: -l: -n: -p -s: -v: -w:' },
  fold: { does: 'wraps lines', operands: 'paths', tame: true, flags: '-b -s -w: --bytes --spaces --width=' },
  fmt: { does: 'wraps lines', operands: 'paths', tame: true, flags: '-# -c -p: -s -t -u -w: -g: --width=' },
  column: {
    does: 'prints columns',
    operands: 'paths',
    tame: true,
    flags: '-t -s: -o: -c: -x -n -N: -H: -R: -J --table --separator= --output-separator= --output-width= --table-columns= --json',
  },
  expand: { does: 'turns tabs into blanks', operands: 'paths', tame: true, flags: '-i -t: --initial --tabs=' },
  unexpand: { does: 'turns blanks into tabs', operands: 'paths', tame: true, flags: '-a -t: --all --tabs= --first-only' },
  rev: { does: 'prints lines backwards', operands: 'paths', tame: true },
  strings: {
    does: 'prints the texts in a file',
    operands: 'paths',
    tame: true,
    flags: '-a -f -n: -o -t: -e: -w --all --bytes= --radix= --encoding=',
  },
  od: {
    does: 'prints bytes',
    operands: 'paths',
    tame: true,
    flags: '-A: -j: -N: -S: -t: -v -w? -a -b -c -d -f -i -l -o -s -x --address-radix= --skip-bytes= --read-bytes= --format= --width[=]',
  },
  hexdump: { does: 'prints bytes', operands: 'paths', tame: true, flags: '-b -c -C -d -n: -o -s: -v -x -e:' },
  xxd: {
    does: 'prints bytes',
    operands: 'paths',
    most: 1,
    flags: '-a -b -c: -e -E -g: -i -l: -n: -o: -p -ps -s: -u -d -plain -cols: -len: -seek:',
  },
  base64: { does: 'encodes or decodes text', operands: 'paths', most: 1, flags: '-d -D -w: --decode --ignore-garbage --wrap=' },
  iconv: { does: 'converts an encoding', operands: 'paths', flags: '-f: -t: -c -l --from-code= --to-code= --list' },
  echo: { does: 'prints a text', expands: true, operands: 'text', tame: true, noOptions: true },
  print: { does: 'prints a text', operands: 'text', expands: true, zsh: true, flags: '-l -n -r -N -o -O -i -a -c -C:' },
  printf: {
    expands: true,
    does: 'prints a text',
    operands: 'text',
    check: (call) => (call.operands.some((w) => /\[.*[$`]/s.test(w.value)) ? 'Its text could be evaluated as an expression.' : undefined),
  },
  test: { does: 'tests a condition', operands: 'text', check: testCheck, flags: CONDITIONS },
  '[': { does: 'tests a condition', operands: 'text', check: testCheck, flags: CONDITIONS },
  yes: { does: 'prints a text again and again', operands: 'text' },
  seq: { does: 'counts', operands: 'text', flags: '-# -f: -s: -w --format= --separator= --equal-width' },
  true: { does: 'does nothing' },
  false: { does: 'does nothing' },
  ':': { does: 'does nothing' },
};

/** Builtins of bash and zsh evaluate an array index even inside single quotes. */
function testCheck(call: ParsedArgs): string | undefined {
  const unsafe = call.operands.some((word) => /\[|\$[^?]|`/.test(word.value.replace(/^\]$/, '')));
  return unsafe ? 'The shell could evaluate a part of the condition.' : undefined;
}

/** The scripts that flags or else the first operand hold. */
function scriptsOf(call: ParsedArgs, ...names: readonly string[]): readonly string[] {
  const given = call.flags.filter((flag) => names.includes(flag.name)).flatMap((flag) => flag.values);
  const [first] = call.operands;
  return given.length > 0 ? given : first ? [first.value] : [];
}

function firstReason(scripts: readonly string[], reason: (script: string) => string | undefined): string | undefined {
  if (scripts.length === 0) return 'It has no script.';
  return scripts.map(reason).find((why) => why !== undefined);
}

function awkCheck(call: ParsedArgs): string | undefined {
  const [script, ...files] = call.operands;
  if (!script) return 'It has no script.';
  if (files.some((word) => /^[A-Za-z_]\w*=/.test(word.value) && /^(?:ENVIRON|ARG)/.test(word.value)))
    return 'It sets a variable that changes what it reads.';
  return awkReason(script.value);
}
