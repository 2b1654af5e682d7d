import type { ParsedArgs, Spec } from '../table';
import { onlyWith } from './make';

/** Looking into archives, packed files and programs. Sources: GNU tar 1.35, Info-ZIP 6, gzip 1.13, zstd 1.5, binutils 2.43. */

const UNPACKS = 'Without an option that says so it writes files.';
const GZIP =
  '-l -t -v -q -d -c -f -k -n -N -# --list --test --verbose --quiet --decompress --uncompress --stdout --to-stdout --force --keep --name';
const PRINTS = {
  does: 'prints packed files',
  operands: 'paths',
  tame: true,
  flags: '-f -q -v --force --quiet --verbose',
} as const satisfies Spec;

function packer(): Spec {
  return {
    does: 'prints packed files or lists them',
    operands: 'paths',
    flags: GZIP,
    check: onlyWith(UNPACKS, '-l', '-t', '-c', '--list', '--test', '--stdout', '--to-stdout'),
  };
}

function packedGrep(): Spec {
  return {
    does: 'searches packed files',
    operands: 'pattern',
    flags:
      '-# -E -F -e: -i -v -w -x -c -L -l -m: -o -q -s -H -h -n -A: -B: -C: -a --ignore-case --invert-match --count --files-with-matches --line-number --only-matching --color[=] --extended-regexp --fixed-strings --quiet --context= --after-context= --before-context=',
  };
}

export const ARCHIVES: Readonly<Record<string, Spec>> = {
  tar: tarSpec(),
  gtar: tarSpec(),
  bsdtar: tarSpec(),
  unzip: {
    does: 'lists or prints what is packed',
    operands: 'paths',
    flags: '-l -v -p -c -t -z -Z -q -C -x: -M -1 -2 -m -s -h',
    check: (call) =>
      call.flags.some((flag) => /^-[lvptzZc]$/.test(flag.name))
        ? call.flags.some((flag) => flag.name === '-x')
          ? UNPACKS
          : undefined
        : UNPACKS,
  },
  zipinfo: { does: 'lists what is packed', operands: 'paths', flags: '-1 -2 -s -m -l -v -h -t -z -M -C' },
  gzip: packer(),
  gunzip: packer(),
  bzip2: packer(),
  bunzip2: packer(),
  xz: packer(),
  unxz: packer(),
  lzma: packer(),
  zstd: packer(),
  unzstd: packer(),
  zcat: PRINTS,
  gzcat: PRINTS,
  bzcat: PRINTS,
  xzcat: PRINTS,
  lzcat: PRINTS,
  zstdcat: PRINTS,
  lz4cat: PRINTS,
  zgrep: packedGrep(),
  bzgrep: packedGrep(),
  xzgrep: packedGrep(),
  zstdgrep: packedGrep(),
  zdiff: { does: 'compares packed files', operands: 'paths', flags: '-u -q -w -b -i -U: -y' },
  zcmp: { does: 'compares packed files', operands: 'paths', flags: '-s -l -b' },
  ar: { does: 'lists what is packed', operands: 'paths', least: 2, check: letters(/^-?[tp][vO]*$/) },
  jar: { does: 'lists what is packed', operands: 'paths', flags: '-t -v -f: --list --verbose --file=@', check: jarCheck },
  '7z': { does: 'lists what is packed', operands: 'paths', least: 2, flags: '-slt -ba', check: letters(/^[lt]$/) },
  '7za': { does: 'lists what is packed', operands: 'paths', least: 2, flags: '-slt -ba', check: letters(/^[lt]$/) },
  nm: {
    does: 'lists the symbols of a program',
    operands: 'paths',
    flags:
      '-a -A -B -C -D -g -l -n -o -p -P -r -S -s -u -U -v --defined-only --undefined-only --dynamic --demangle --extern-only --print-size --size-sort --numeric-sort',
  },
  objdump: {
    does: 'shows the inside of a program',
    operands: 'paths',
    flags:
      '-a -C -d -D -f -g -G -h -l -p -r -R -s -S -t -T -w -x -z -j: -M: -m: --disassemble[=] --disassemble-all --section-headers --headers --all-headers --syms --dynamic-syms --full-contents --section= --demangle --no-show-raw-insn --start-address= --stop-address= --source --private-headers --reloc --line-numbers',
  },
  readelf: {
    does: 'shows the inside of a program',
    operands: 'paths',
    flags:
      '-a -h -l -S -g -t -e -s -n -r -u -d -V -A -c -D -I -W -w? -x: -p: -R: --all --file-header --program-headers --section-headers --sections --segments --symbols --syms --dyn-syms --notes --relocs --dynamic --version-info --wide --headers --string-dump= --hex-dump=',
  },
  size: { does: 'measures the parts of a program', operands: 'paths', flags: '-A -B -d -o -x -t --format= --totals --radix=' },
  otool: { does: 'shows the inside of a program', operands: 'paths', flags: '-a -f -h -l -L -D -t -d -r -v -V -X -s:2' },
  lipo: { does: 'lists the kinds of a program', operands: 'paths', flags: '-info -archs', check: onlyWith(UNPACKS, '-info', '-archs') },
  'c++filt': { does: 'prints names as they were written', operands: 'text', flags: '-n -p -t' },
};

/** Old letters without a dash are turned into options; the file comes last. */
function tarSpec(): Spec {
  return {
    does: 'lists what is packed',
    operands: 'text',
    flags:
      '-t -x -O -v -z -j -J -a -p -f:@ --list --extract --get --to-stdout --verbose --gzip --gunzip --bzip2 --xz --zstd --file=@ --wildcards --no-wildcards --strip-components= --exclude= --full-time --numeric-owner --utc --occurrence[=] --version --help',
    words: ([first, ...rest]) => {
      const bundle = first && !first.quoted && /^[tvzjJaOxp]*f[tvzjJaOxp]*$/.test(first.value) ? first.value : undefined;
      return first && bundle ? [{ ...first, value: `-${bundle.replace('f', '')}f` }, ...rest] : first ? [first, ...rest] : [];
    },
    check: (call) => {
      const has = (...names: readonly string[]): boolean => call.flags.some((flag) => names.includes(flag.name));
      if (call.flags.some((flag) => /^(?:-f|--file)$/.test(flag.name) && flag.values.some((value) => value.includes(':'))))
        return 'It could fetch the archive from another machine.';
      if (has('--version', '--help')) return undefined;
      const extracts = has('-x', '--extract', '--get');
      return (extracts ? has('-O', '--to-stdout') : has('-t', '--list')) ? undefined : UNPACKS;
    },
  };
}

function letters(shape: RegExp): NonNullable<Spec['check']> {
  return (call: ParsedArgs) => (shape.test(call.operands[0]?.value ?? '') ? undefined : UNPACKS);
}

function jarCheck(call: ParsedArgs): string | undefined {
  const lists = call.flags.some((flag) => flag.name === '-t' || flag.name === '--list') || /^t[vf]*$/.test(call.operands[0]?.value ?? '');
  return lists ? undefined : UNPACKS;
}
