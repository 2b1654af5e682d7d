import type { Descent } from './below';
import type { Word } from './tokenize';

/**
 * What is known of a program's read-only use. Everything not written here asks: an unknown program, subcommand, flag, or
 * abbreviation of a flag. The tables in `programs/` are data, written from the programs' manuals.
 */
export type Spec = {
  /** In plain words, after "It": `lists files`. */
  readonly does: string;
  /**
   * The flags that leave it read-only, separated by blanks:
   * `-a` letter, may be clustered · `-n:` takes a value · `-M?` may have a value attached · `-#` any number ·
   * `--all` word · `--lines=` takes a value · `--color[=]` may have one attached · `-name:` a word with one dash ·
   * `@` at the end: the value is a file that is read · `2` after the colon: two values.
   */
  readonly flags?: string;
  readonly operands?: Operands;
  /** Flags that give the pattern, so that every operand is a path. */
  readonly patternFlags?: readonly string[];
  /** Words that begin with a dash are text to it, not options. */
  readonly noOptions?: boolean;
  readonly least?: number;
  readonly most?: number;
  /** No flag of it at all writes, runs or sends: unknown file names may follow, from a pattern or from xargs. */
  readonly tame?: boolean;
  /** It shows names and facts of its operands, and nothing of what they hold. */
  readonly names?: true;
  /** Only zsh has it. */
  readonly zsh?: true;
  /** What its words stand for is printed and nothing else: a variable may be among them. */
  readonly expands?: true;
  /** Old spellings turned into those of the table, before anything is read. */
  readonly words?: (words: readonly Word[]) => readonly Word[];
  /** Two words that name a subcommand by their shape, where no list could hold all of them. */
  readonly verb?: { readonly shape: RegExp; readonly spec: Spec };
  /** What flags and operands alone cannot tell. Returns why it is not read-only. */
  readonly check?: (call: ParsedArgs) => string | undefined;
  readonly sub?: Readonly<Record<string, Spec>>;
  /** The flag that moves it to another folder, before the subcommand. */
  readonly folderFlag?: string;
  /** With these arguments it goes through folders and prints what their files hold. */
  readonly descends?: (call: ParsedArgs) => Descent | undefined;
  /** Its output is a list of paths below the current folder. */
  readonly lists?: boolean;
};

/** `pattern`: the first is a text unless `-e` gave it, the rest are paths. `refs`: revisions or paths. */
export type Operands = 'none' | 'paths' | 'text' | 'pattern' | 'refs' | 'find';

export type ParsedArgs = {
  readonly flags: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly operands: readonly Word[];
  /** Files that flags name. */
  readonly flagPaths: readonly string[];
};
export type ArgsResult = { readonly ok: true; readonly args: ParsedArgs } | { readonly ok: false; readonly why: string };

type Flag = { readonly values: number; readonly optional: boolean; readonly path: boolean };
type Flags = { readonly known: ReadonlyMap<string, Flag>; readonly numbers: boolean };

const compiled = new Map<string, Flags>();

function flagsOf(text: string): Flags {
  const cached = compiled.get(text);
  if (cached) return cached;
  const known = new Map<string, Flag>();
  for (const entry of text.split(/\s+/).filter(Boolean)) {
    const match = /^(--?[A-Za-z0-9?][A-Za-z0-9_.-]*?)(:[2]?|=|\[=\]|\?)?(@)?$/.exec(entry);
    if (!match) {
      if (entry === '-#') continue;
      throw new Error(`Bad flag entry in a program table: ${entry}`);
    }
    const [, name = '', kind = '', path] = match;
    const values = kind === ':2' ? 2 : kind === ':' || kind === '=' ? 1 : 0;
    const flag = { values, optional: kind === '[=]' || kind === '?', path: path !== undefined };
    const other = known.get(name);
    if (other && other.values !== flag.values) throw new Error(`A program table gives ${name} two meanings.`);
    known.set(name, flag);
  }
  const flags = { known, numbers: /(?:^|\s)-#(?:\s|$)/.test(text) };
  compiled.set(text, flags);
  return flags;
}

/** Reads arguments by the table: every flag must be known, whole and with its values. `stopAtOperand` ends there. */
export function readArgs(spec: Spec, words: readonly Word[], stopAtOperand = false): ArgsResult & { readonly used?: number } {
  const flags = flagsOf(spec.flags ?? '');
  const found: { name: string; values: string[] }[] = [];
  const operands: Word[] = [];
  const flagPaths: string[] = [];
  let onlyOperands = false;
  let i = 0;
  for (; i < words.length; i++) {
    const word = words[i];
    if (!word) break;
    const { value } = word;
    if (!onlyOperands && value === '--') {
      // To find, `--` ends nothing: what follows is still its expression.
      if (spec.operands === 'find') return no('It is told where its options end.');
      onlyOperands = true;
      continue;
    }
    if (onlyOperands || value === '-' || !value.startsWith('-') || spec.noOptions) {
      if (stopAtOperand) break;
      if (!onlyOperands && startsWithWildcard(word) && !spec.tame)
        return no('A pattern could stand for a file whose name is read as an option.');
      operands.push(word);
      continue;
    }
    // In `--include=*.ts` each name that the pattern could stand for is the same option with another value.
    if ((word.glob && !/^--[a-z-]+=/.test(value)) || word.status) return no('An option is a pattern.');
    const read = readFlag(flags, value);
    if (!read) return no(`The option ${value} is not known to be harmless.`);
    for (const one of read) {
      const values = [...one.attached];
      while (values.length < one.flag.values) {
        const following = words[++i];
        if (!following) return no(`The option ${one.name} lacks its value.`);
        if (following.status) return no('The value of an option is known only when it runs.');
        // Were the table wrong about this value, it would hide an option.
        if (/^-[A-Za-z-]/.test(following.value) && !(one.name === '-perm' && /^-[ugoa]*[=+][rwxst]+$/.test(following.value)))
          return no(`The value of ${one.name} looks like an option.`);
        if (startsWithWildcard(following)) return no('The value of an option is a pattern.');
        values.push(following.value);
      }
      if (one.flag.path) flagPaths.push(...values);
      found.push({ name: one.name, values });
    }
  }
  return { ok: true, args: { flags: found, operands, flagPaths }, used: i };
}

type Read = { readonly name: string; readonly flag: Flag; readonly attached: readonly string[] };

function readFlag({ known, numbers }: Flags, value: string): readonly Read[] | undefined {
  if (numbers && /^-\d+$/.test(value)) return [{ name: '-#', flag: { values: 0, optional: false, path: false }, attached: [] }];
  const whole = known.get(value);
  if (whole) return [{ name: value, flag: whole, attached: [] }];
  if (value.startsWith('--')) {
    const at = value.indexOf('=');
    const flag = at < 0 ? undefined : known.get(value.slice(0, at));
    if (!flag || (flag.values === 0 && !flag.optional)) return undefined;
    return [{ name: value.slice(0, at), flag, attached: [value.slice(at + 1)] }];
  }
  const reads: Read[] = [];
  for (let i = 1; i < value.length; i++) {
    const name = `-${value[i]}`;
    const flag = known.get(name);
    if (!flag) return undefined;
    const rest = value.slice(i + 1);
    const takesRest = rest !== '' && (flag.values > 0 || flag.optional);
    reads.push({ name, flag, attached: takesRest ? [rest] : [] });
    if (takesRest) return reads;
  }
  return reads;
}

function startsWithWildcard(word: Word): boolean {
  return word.glob && /^[*?[]/.test(word.value);
}

function no(why: string): { readonly ok: false; readonly why: string } {
  return { ok: false, why };
}

export function hasFlag(args: ParsedArgs, ...names: readonly string[]): boolean {
  return args.flags.some((flag) => names.includes(flag.name));
}
