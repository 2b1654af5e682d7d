import { diffDescent } from '../below';
import type { Spec } from '../table';

/** Programs that look at files and folders. Sources: GNU coreutils 9, findutils 4.10, tree 2, fd 10, file 5.46, BSD manuals. */
export const FILES: Readonly<Record<string, Spec>> = {
  ls: {
    names: true,
    does: 'lists files',
    tame: true,
    operands: 'paths',
    flags:
      '-a -A -b -B -c -C -d -f -F -g -G -h -H -i -I: -k -l -L -m -n -N -o -p -q -Q -r -R -s -S -t -T: -u -U -v -w: -x -X -Z -1 -O -e --all --almost-all --author --block-size= --color[=] --directory --classify[=] --file-type --format= --full-time --group-directories-first --hide= --human-readable --hyperlink[=] --ignore= --indicator-style= --inode --literal --no-group --numeric-uid-gid --quoting-style= --recursive --reverse --show-control-chars --si --size --sort= --time= --time-style= --width= --zero --version --help',
  },
  exa: {
    names: true,
    does: 'lists files',
    tame: true,
    operands: 'paths',
    flags: '-a -l -1 -T -R -L: -s: -h -r -d -F --long --tree --all --level= --git --icons --sort=',
  },
  eza: {
    names: true,
    does: 'lists files',
    tame: true,
    operands: 'paths',
    flags: '-a -l -1 -T -R -L: -s: -h -r -d -F --long --tree --all --level= --git --icons --sort=',
  },
  tree: {
    names: true,
    does: 'lists a folder as a tree',
    operands: 'paths',
    flags:
      '-a -d -l -f -x -L: -P: -I: -p -u -g -s -h -D -F -q -N -Q -i -n -C -A -S -v -t -c -U -r -J -X --dirsfirst --filesfirst --noreport --gitignore --ignore-case --matchdirs --prune --filelimit= --charset= --sort= --du --si --inodes --device --metafirst --version --help',
  },
  cat: {
    does: 'prints files',
    tame: true,
    operands: 'paths',
    flags:
      '-A -b -e -E -n -s -t -T -u -v -l --show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs --show-nonprinting --version --help',
  },
  bat: {
    does: 'prints files',
    operands: 'paths',
    flags: '-n -p -A -l: -r: --plain --number --line-range= --language= --style= --color= --paging=',
    check: (call) =>
      call.flags.some((flag) => flag.name === '--paging' && flag.values[0] !== 'never') ? 'It may start a pager.' : undefined,
  },
  tac: { does: 'prints a file from its end', tame: true, operands: 'paths', flags: '-b -r -s: --before --regex --separator=' },
  head: {
    does: 'prints the start of files',
    tame: true,
    operands: 'paths',
    flags: '-# -n: -c: -q -v -z --lines= --bytes= --quiet --silent --verbose --zero-terminated',
  },
  tail: {
    does: 'prints the end of files',
    tame: true,
    operands: 'paths',
    flags:
      '-# -n: -c: -f -F -q -v -z -r -s: --lines= --bytes= --follow[=] --quiet --silent --verbose --retry --pid= --sleep-interval= --zero-terminated',
  },
  wc: {
    names: true,
    does: 'counts lines, words and bytes',
    operands: 'paths',
    tame: true,
    flags: '-l -w -c -m -L --lines --words --bytes --chars --max-line-length --total=',
  },
  stat: {
    names: true,
    does: 'shows facts of files',
    tame: true,
    operands: 'paths',
    flags: '-L -f -t -x -s -l -r -n -q -F -c: --dereference --file-system --terse --format= --printf=',
  },
  file: {
    names: true,
    does: 'tells the kind of files',
    operands: 'paths',
    flags:
      '-b -i -I -L -h -k -r -s -0 -N -v -F: --brief --mime --mime-type --mime-encoding --dereference --no-dereference --keep-going --version',
  },
  du: {
    names: true,
    does: 'measures folders',
    operands: 'paths',
    tame: true,
    flags:
      '-a -b -B: -c -D -d: -h -H -k -l -L -m -P -s -S -t: -x -0 --all --apparent-size --block-size= --bytes --total --dereference --max-depth= --human-readable --si --summarize --threshold= --time[=] --exclude= --one-file-system --inodes',
  },
  df: {
    names: true,
    does: 'shows free disk space',
    tame: true,
    operands: 'paths',
    flags:
      '-a -B: -h -H -i -k -l -m -P -t: -T -x: --all --block-size= --human-readable --si --inodes --local --total --type= --exclude-type= --print-type --output[=]',
  },
  realpath: {
    names: true,
    does: 'shows real paths',
    operands: 'paths',
    tame: true,
    flags:
      '-e -m -L -P -q -s -z --canonicalize-existing --canonicalize-missing --logical --physical --quiet --relative-to= --relative-base= --strip --no-symlinks --zero',
  },
  readlink: {
    names: true,
    does: 'shows where a link leads',
    operands: 'paths',
    tame: true,
    flags: '-f -e -m -n -q -s -v -z --canonicalize --canonicalize-existing --canonicalize-missing --no-newline --quiet',
  },
  basename: {
    expands: true,
    does: 'prints the last part of a path',
    operands: 'text',
    tame: true,
    flags: '-a -s: -z --multiple --suffix= --zero',
  },
  dirname: { expands: true, does: 'prints the folder of a path', operands: 'text', tame: true, flags: '-z --zero' },
  pwd: { does: 'prints the current folder', flags: '-L -P --logical --physical' },
  find: {
    names: true,
    does: 'lists files that match',
    lists: true,
    operands: 'find',
    flags:
      '-H -L -P -name: -iname: -path: -ipath: -wholename: -iwholename: -regex: -iregex: -regextype: -type: -xtype: -size: -empty -newer:@ -anewer:@ -cnewer:@ -newermt: -newerat: -newerct: -mtime: -mmin: -atime: -amin: -ctime: -cmin: -maxdepth: -mindepth: -depth -d -x -mount -xdev -prune -not -a -and -o -or -print -print0 -ls -perm: -user: -group: -uid: -gid: -nouser -nogroup -links: -inum: -samefile:@ -lname: -ilname: -readable -writable -executable -true -false -follow -noleaf -daystart -quit -printf: -warn -nowarn -used: -fstype: -E',
  },
  fd: {
    names: true,
    does: 'lists files that match',
    lists: true,
    operands: 'pattern',
    flags:
      '-H -I -u -s -i -g -F -a -l -L -p -0 -1 -q -t: -e: -E: -d: -c: -S: --hidden --no-ignore --no-ignore-vcs --unrestricted --case-sensitive --ignore-case --glob --regex --fixed-strings --absolute-path --list-details --follow --full-path --print0 --max-depth= --min-depth= --exact-depth= --exclude= --type= --extension= --size= --changed-within= --changed-before= --color= --max-results= --quiet --prune --one-file-system --strip-cwd-prefix',
  },
  diff: {
    does: 'compares files',
    operands: 'paths',
    tame: true,
    descends: diffDescent,
    flags:
      '-# -q -s -c -C: -u -U: -e -n -y -p -F: -t -T -r -N -x: -i -E -Z -b -w -B -I: -a -d -W: --brief --report-identical-files --context[=] --unified[=] --ed --rcs --side-by-side --width= --left-column --suppress-common-lines --show-c-function --show-function-line= --label= --expand-tabs --recursive --no-dereference --new-file --unidirectional-new-file --ignore-file-name-case --exclude= --ignore-case --ignore-tab-expansion --ignore-trailing-space --ignore-space-change --ignore-all-space --ignore-blank-lines --ignore-matching-lines= --text --strip-trailing-cr --minimal --speed-large-files --color[=] --horizon-lines=',
  },
  cmp: {
    does: 'compares files',
    operands: 'paths',
    tame: true,
    flags: '-b -i: -l -n: -s --print-bytes --ignore-initial= --verbose --bytes= --quiet --silent',
  },
  comm: {
    does: 'compares sorted files',
    operands: 'paths',
    tame: true,
    flags: '-1 -2 -3 -i -z --check-order --nocheck-order --output-delimiter= --total --zero-terminated',
  },
  md5sum: sums(),
  sha1sum: sums(),
  sha224sum: sums(),
  sha256sum: sums(),
  sha384sum: sums(),
  sha512sum: sums(),
  b2sum: sums(),
  shasum: {
    does: 'prints checksums',
    operands: 'paths',
    tame: true,
    flags: '-a: -b -t -U -0 -c -s -w -q --algorithm= --binary --text --check --status --warn',
  },
  md5: { does: 'prints checksums', operands: 'paths', tame: true, flags: '-q -r -n' },
  cksum: { does: 'prints checksums', operands: 'paths', tame: true, flags: '-a: --algorithm= --untagged --tag --base64' },
  lsblk: { does: 'lists disks', flags: '-a -b -d -f -i -l -m -n -o: -p -t --all --bytes --fs --json --output= --paths' },
};

function sums(): Spec {
  return {
    does: 'prints checksums',
    operands: 'paths',
    tame: true,
    flags: '-b -t -c -w -z -l: --binary --text --check --tag --quiet --status --strict --warn --zero --ignore-missing --length=',
  };
}
