import { hasFlag, type ParsedArgs, type Spec } from '../table';

/** Git's reading verbs. Source: the manual pages of Git 2.47. Verbs that are not here may be aliases or write. */

const DIFF =
  '-p -u -s -U: -z -w -b -a -R -M? -C? -B? -D -S: -G: -W -l: -r -t --patch --no-patch --unified= --raw --patch-with-raw --minimal --patience --histogram --diff-algorithm= --anchored= --stat[=] --stat-width= --stat-count= --compact-summary --numstat --shortstat --dirstat[=] --summary --patch-with-stat --name-only --name-status --submodule[=] --color[=] --no-color --color-moved[=] --color-words[=] --word-diff[=] --word-diff-regex= --no-renames --find-renames[=] --find-copies[=] --find-copies-harder --break-rewrites[=] --diff-filter= --pickaxe-all --pickaxe-regex --relative[=] --text --ignore-cr-at-eol --ignore-space-at-eol --ignore-space-change --ignore-all-space --ignore-blank-lines --inter-hunk-context= --function-context --exit-code --quiet --check --full-index --abbrev[=] --no-ext-diff --no-textconv --ignore-submodules[=] --no-prefix --src-prefix= --dst-prefix= --line-prefix= --find-object= --no-relative --binary --ws-error-highlight=';
const CHOICE =
  '-i -E -F -P -g --max-count= --skip= --since= --after= --until= --before= --author= --committer= --grep= --all-match --invert-grep --regexp-ignore-case --extended-regexp --fixed-strings --perl-regexp --all --branches[=] --tags[=] --remotes[=] --glob= --exclude= --not --merges --no-merges --first-parent --min-parents= --max-parents= --reverse --topo-order --date-order --author-date-order --simplify-by-decoration --full-history --dense --sparse --simplify-merges --ancestry-path[=] --left-right --left-only --right-only --cherry-pick --cherry-mark --cherry --boundary --walk-reflogs --merge --reflog --no-walk[=] --do-walk --follow --no-follow --show-pulls --remove-empty --ignore-missing';
const REVISIONS = `-# -n: ${CHOICE}`;
const PRETTY =
  '--oneline --pretty[=] --format= --graph --decorate[=] --no-decorate --decorate-refs= --decorate-refs-exclude= --abbrev-commit --no-abbrev-commit --date= --relative-date --parents --children --source --notes[=] --no-notes --log-size --clear-decorations --encoding= --expand-tabs[=] --no-expand-tabs --show-linear-break[=] --cc -c -m --diff-merges= --no-diff-merges --combined-all-paths --mailmap --no-mailmap --use-mailmap';
const LIST =
  '-l -a -r -v -vv -i --list --all --remotes --verbose --contains= --no-contains= --merged[=] --no-merged[=] --points-at= --sort= --format= --color[=] --no-color --column[=] --no-column --abbrev= --no-abbrev --ignore-case --omit-empty';

export const GIT: Spec = {
  does: 'runs Git',
  folderFlag: '-C',
  flags:
    '-C: -c: --no-pager -P --no-optional-locks --literal-pathspecs --glob-pathspecs --noglob-pathspecs --icase-pathspecs --no-replace-objects --version -v --html-path --man-path --info-path',
  check: onlyLooks,
  sub: outOfSubmodules({
    status: {
      does: 'shows what has changed',
      operands: 'paths',
      flags:
        '-s -b -u? -v -z -M? --short --branch --show-stash --porcelain[=] --long --verbose --untracked-files[=] --ignore-submodules[=] --ignored[=] --column[=] --no-column --ahead-behind --no-ahead-behind --renames --no-renames --find-renames[=]',
    },
    log: { does: 'shows the history', check: noSignatures, operands: 'refs', flags: `${DIFF} ${REVISIONS} ${PRETTY} -L:` },
    show: { does: 'shows a commit', check: noSignatures, operands: 'refs', flags: `${DIFF} ${REVISIONS} ${PRETTY}` },
    diff: {
      does: 'shows differences',
      operands: 'refs',
      flags: `${DIFF} --cached --staged --merge-base --base --ours --theirs -1 -2 -3 -0 --cc -c --combined-all-paths`,
    },
    'diff-tree': {
      does: 'shows differences',
      check: noSignatures,
      operands: 'refs',
      flags: `${DIFF} ${PRETTY} --root --no-commit-id -v --stdin`,
    },
    'diff-index': { does: 'shows differences', operands: 'refs', flags: `${DIFF} --cached` },
    'diff-files': { does: 'shows differences', operands: 'refs', flags: DIFF },
    'range-diff': {
      does: 'compares commits',
      operands: 'refs',
      flags: `${DIFF} --creation-factor= --no-dual-color --left-only --right-only`,
    },
    whatchanged: { does: 'shows the history', check: noSignatures, operands: 'refs', flags: `${DIFF} ${REVISIONS} ${PRETTY}` },
    shortlog: {
      does: 'shows the history by author',
      check: noSignatures,
      operands: 'refs',
      flags: `${CHOICE} -s -n -e -w? --summary --numbered --email --group= --format=`,
    },
    reflog: { does: 'shows where branches were', operands: 'refs', flags: `${REVISIONS} ${PRETTY} --stat[=] -p`, check: reflogCheck },
    blame: {
      does: 'shows who changed each line',
      operands: 'refs',
      flags:
        '-b -l -t -p -f -n -s -e -w -c -L: -C? -M? --root --show-stats --show-name --show-number --show-email --porcelain --line-porcelain --incremental --date= --since= --first-parent --reverse --abbrev= --color-lines --color-by-age --ignore-rev= --score-debug',
    },
    annotate: { does: 'shows who changed each line', operands: 'refs', flags: '-l -t -L:' },
    grep: {
      does: 'searches tracked files',
      operands: 'text',
      flags:
        '-# -i -I -w -v -h -H -E -G -F -P -n -l -L -z -o -c -p -W -q -a -r -e: -A: -B: -C: -m: --cached --untracked --no-recursive --recursive --ignore-case --word-regexp --invert-match --text --full-name --extended-regexp --basic-regexp --perl-regexp --fixed-strings --line-number --column --files-with-matches --name-only --files-without-match --null --only-matching --count --color[=] --no-color --break --heading --show-function --function-context --context= --after-context= --before-context= --max-count= --max-depth= --threads= --and --or --not --all-match --quiet --exclude-standard',
    },
    'ls-files': {
      does: 'lists tracked files',
      operands: 'paths',
      lists: true,
      flags:
        '-c -d -m -o -i -s -k -u -z -t -v -f -x: --cached --deleted --modified --others --ignored --stage --killed --unmerged --directory --no-empty-directory --eol --deduplicate --exclude= --exclude-standard --error-unmatch --full-name --recurse-submodules --abbrev[=] --debug --sparse --format=',
    },
    'ls-tree': {
      does: 'lists the files of a commit',
      operands: 'refs',
      flags: '-d -r -t -l -z --long --name-only --name-status --object-only --full-name --full-tree --abbrev[=] --format=',
    },
    'cat-file': { does: 'prints an object', operands: 'refs', flags: '-t -s -e -p --batch-check[=] --batch[=]' },
    'rev-parse': {
      does: 'shows a revision',
      operands: 'refs',
      flags:
        '-q --short[=] --verify --abbrev-ref[=] --show-toplevel --show-cdup --show-prefix --git-dir --git-common-dir --absolute-git-dir --is-inside-work-tree --is-inside-git-dir --is-bare-repository --is-shallow-repository --symbolic --symbolic-full-name --all --branches[=] --tags[=] --remotes[=] --quiet --show-superproject-working-tree --show-object-format --sq --default= --revs-only --no-revs --flags --no-flags',
    },
    'rev-list': {
      does: 'lists commits',
      check: noSignatures,
      operands: 'refs',
      flags: `${REVISIONS} ${PRETTY} --count --objects --disk-usage --header --timestamp --quiet --left-right`,
    },
    'merge-base': { does: 'finds a common commit', operands: 'refs', flags: '-a --all --is-ancestor --octopus --independent --fork-point' },
    'name-rev': { does: 'names a commit', operands: 'refs', flags: '--tags --refs= --exclude= --all --name-only --no-undefined --always' },
    describe: {
      does: 'names a commit',
      operands: 'refs',
      flags:
        '--all --tags --contains --abbrev= --candidates= --exact-match --debug --long --match= --exclude= --always --first-parent --dirty[=] --broken[=]',
    },
    'show-ref': {
      does: 'lists references',
      operands: 'text',
      flags: '-q -d -s --head --tags --heads --branches --dereference --hash[=] --verify --abbrev[=] --quiet',
    },
    'for-each-ref': {
      does: 'lists references',
      check: noSignatures,
      operands: 'text',
      flags:
        '--count= --sort= --format= --color[=] --points-at= --merged[=] --no-merged[=] --contains[=] --no-contains[=] --ignore-case --omit-empty --exclude=',
    },
    'symbolic-ref': { does: 'shows a reference', operands: 'text', most: 1, least: 1, flags: '-q --quiet --short' },
    'count-objects': { does: 'counts objects', flags: '-v -H --verbose --human-readable' },
    'check-ignore': { does: 'tells whether files are ignored', operands: 'paths', flags: '-q -v -z -n --quiet --verbose --non-matching' },
    'check-attr': { does: 'shows attributes', operands: 'text', flags: '-a -z --all --cached' },
    'check-ref-format': { does: 'checks a name', operands: 'text', flags: '--branch --normalize --allow-onelevel' },
    cherry: { does: 'lists commits not yet upstream', operands: 'refs', flags: '-v --abbrev[=]' },
    branch: { does: 'lists branches', operands: 'text', flags: `${LIST} --show-current`, check: listsOnly },
    tag: { does: 'lists tags', operands: 'text', flags: `-n? ${LIST}`, check: listsOnly },
    remote: { does: 'lists remotes', flags: '-v --verbose' },
    'remote get-url': { does: 'shows an address', operands: 'text', most: 1, flags: '--all --push' },
    'stash list': { does: 'lists stashes', check: noSignatures, operands: 'refs', flags: `${REVISIONS} ${PRETTY} ${DIFF}` },
    'stash show': { does: 'shows a stash', operands: 'refs', flags: `${DIFF} --include-untracked --only-untracked` },
    'worktree list': { does: 'lists worktrees', flags: '-v -z --porcelain --verbose' },
    'submodule status': { does: 'lists submodules', operands: 'paths', flags: '--cached --recursive' },
    'notes list': { does: 'lists notes', operands: 'refs' },
    'notes show': { does: 'shows a note', operands: 'refs' },
    config: {
      does: 'shows settings of Git',
      operands: 'text',
      flags:
        '-l -z --list --get --get-all --get-regexp --get-urlmatch --local --global --system --worktree --show-origin --show-scope --name-only --null --bool --int --path --type=',
      check: configCheck,
    },
    'config list': {
      does: 'shows settings of Git',
      flags: '-z --local --global --system --worktree --show-origin --show-scope --name-only',
    },
    'config get': {
      does: 'shows a setting of Git',
      operands: 'text',
      most: 1,
      flags: '--local --global --system --all --regexp --show-origin --show-scope',
    },
    'show-branch': {
      does: 'shows branches',
      operands: 'refs',
      flags:
        '-a -r -g? --all --remotes --current --topo-order --date-order --sparse --more= --list --merge-base --independent --no-name --sha1-name --topics --color[=] --no-color --reflog[=]',
    },
    submodule: { does: 'lists submodules', flags: '--quiet' },
    'submodule summary': { does: 'shows submodules', operands: 'refs', flags: '--cached --files -n: --summary-limit=' },
    'bisect log': { does: 'shows a search' },
    'rerere status': { does: 'shows kept conflicts' },
    'rerere diff': { does: 'shows kept conflicts' },
    'lfs ls-files': { does: 'lists large files', operands: 'refs', flags: '-l -s -n -a -d --long --size --name-only --all --debug' },
    'lfs env': { does: 'shows settings' },
    'lfs version': { does: 'prints a version' },
    archive: { does: 'lists formats', flags: '-l --list', check: (call) => (call.flags.length > 0 ? undefined : 'It packs files.') },
    apply: {
      does: 'tells what a patch would change',
      operands: 'paths',
      flags:
        '-p: -R -v --check --stat --numstat --summary --reverse --index --cached --3way --directory= --exclude= --include= --recount --unidiff-zero --ignore-whitespace --verbose',
      check: (call) =>
        hasFlag(call, '--check', '--stat', '--numstat', '--summary') && !hasFlag(call, '--3way') ? undefined : 'It changes files.',
    },
    clean: {
      does: 'tells what would be deleted',
      operands: 'paths',
      flags: '-n -d -f -x -X -q -e: --dry-run --quiet --force --exclude=',
      check: dryRun,
    },
    add: {
      does: 'tells what would be marked',
      operands: 'paths',
      flags: '-n -A -u -v -f --dry-run --all --update --verbose --force --ignore-missing --ignore-errors',
      check: dryRun,
    },
    rm: {
      does: 'tells what would be deleted',
      operands: 'paths',
      flags: '-n -r -f -q --dry-run --cached --force --quiet --ignore-unmatch',
      check: dryRun,
    },
    mv: { does: 'tells what would be moved', operands: 'paths', flags: '-n -k -f -v --dry-run --force --verbose', check: dryRun },
    'worktree prune': { does: 'tells what would be forgotten', flags: '-n -v --dry-run --verbose --expire=', check: dryRun },
    version: { does: 'prints a version', flags: '--build-options' },
    var: { does: 'shows a variable of Git', operands: 'text', most: 1, flags: '-l' },
    help: { does: 'prints help', flags: '-a -g --all --guides' },
    'verify-pack': { does: 'checks a pack', operands: 'paths', flags: '-v -s --verbose --stat-only' },
    fsck: {
      does: 'checks the repository',
      flags: '--full --no-dangling --connectivity-only --no-progress --strict --root --tags --unreachable --dangling --no-reflogs',
    },
  }),
};

/** Settings for one call that change how it is shown, and no others: many name a program to run. */
const SHOWN =
  /^(?:color\.[a-z.-]+=(?:true|false|always|never|auto)|core\.pager=(?:cat|)|pager\.[a-z-]+=(?:false|cat)|core\.quote[pP]ath=(?:true|false|on|off)|core\.(?:abbrev|fileMode|precomposeunicode|autocrlf|eol|whitespace)=[\w,-]+|advice\.\w+=\w+|column\.\w+=\w+|log\.(?:date|decorate)=[a-z-]+|log\.showSignature=false|diff\.(?:renames|renameLimit|algorithm|context|noprefix|mnemonicPrefix|colorMoved)=[\w-]+|status\.\w+=\w+|i18n\.\w+=[\w-]+|core\.fsmonitor=false|core\.untrackedCache=false|core\.hooksPath=\/dev\/null|safe\.bareRepository=explicit)$/;

function onlyLooks(call: ParsedArgs): string | undefined {
  const settings = call.flags.filter((flag) => flag.name === '-c').flatMap((flag) => flag.values);
  const odd = settings.find((value) => !SHOWN.test(value));
  return odd === undefined ? undefined : `It sets ${odd.split('=')[0]} for the call.`;
}

function outOfSubmodules(verbs: Readonly<Record<string, Spec>>): Readonly<Record<string, Spec>> {
  return Object.fromEntries(
    Object.entries(verbs).map(([verb, spec]) => [verb, { ...spec, check: (call) => spec.check?.(call) ?? staysOut(call) }]),
  );
}

/** Git looks into a submodule with that one's own settings, and those name programs too. */
function staysOut(call: ParsedArgs): string | undefined {
  const into = call.flags.some(
    ({ name, values: [value = ''] }) =>
      (name === '--submodule' && value === 'diff') || (name === '--ignore-submodules' && /^(?:none|untracked)$/.test(value)),
  );
  return into ? 'It looks into submodules, whose own settings may run programs.' : undefined;
}

function dryRun(call: ParsedArgs): string | undefined {
  return hasFlag(call, '-n', '--dry-run') ? undefined : 'Without -n it does it.';
}

/** Git asks gpg, or the program that is set in its place, for what these placeholders show. */
function noSignatures(call: ParsedArgs): string | undefined {
  const asked = call.flags.some((flag) => flag.values.some((value) => /%G|%\(signature/.test(value)));
  return asked ? 'It checks signatures, which runs another program.' : undefined;
}

/** A bare name would make a branch or a tag; only a listing flag turns names into patterns. */
function listsOnly(call: ParsedArgs): string | undefined {
  const signed = noSignatures(call);
  if (signed || call.operands.length === 0) return signed;
  const lists = hasFlag(call, '-l', '--list', '--contains', '--no-contains', '--merged', '--no-merged', '--points-at');
  return lists ? undefined : 'A name here makes a new branch or tag.';
}

function configCheck(call: ParsedArgs): string | undefined {
  const gets = hasFlag(call, '-l', '--list', '--get', '--get-all', '--get-regexp', '--get-urlmatch');
  if (gets) return undefined;
  return call.operands.length === 1 && call.operands[0]?.value.includes('.') ? undefined : 'It could change a setting.';
}

function reflogCheck(call: ParsedArgs): string | undefined {
  const verb = call.operands[0]?.value ?? 'show';
  const signed = noSignatures(call);
  if (signed) return signed;
  return /^(?:expire|delete|drop|write)$/.test(verb) ? 'It changes the reflog.' : undefined;
}
