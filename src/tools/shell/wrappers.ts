import type { Word } from './tokenize';

/**
 * Programs that only run another one, more slowly, for less long or with other buffers: the inner command is what counts
 * [B3]. `watch`, `setsid`, `env`, `xargs` and `find -exec` are not among them.
 */
export function stripWrappers(words: readonly Word[]): readonly Word[] {
  let rest = words;
  for (let i = 0; i < 8; i++) {
    const inner = unwrap(rest);
    if (!inner || inner.length === 0) return rest;
    rest = inner;
  }
  return rest;
}

function unwrap(words: readonly Word[]): readonly Word[] | undefined {
  const [program, ...rest] = words;
  if (!program || program.quoted) return undefined;
  switch (program.value) {
    case 'time':
      return skip(rest, /^-p$/);
    case 'nohup':
    case 'builtin':
      return skip(rest, /^--$/);
    case 'command':
      return skip(rest, /^(?:-p|--)$/);
    case 'env': {
      // Only names that change how things are shown, and no option of its own.
      const first = rest.findIndex((word) => !isHarmlessAssignment(word));
      return first > 0 && /^[a-z]/.test(rest[first]?.value ?? '') ? rest.slice(first) : undefined;
    }
    case 'nice':
      return skip(rest, /^(?:-\d+|-n-?\d+|--adjustment=-?\d+)$/, /^(?:-n|--adjustment)$/);
    case 'stdbuf':
      return skip(rest, /^(?:-[ioe](?:[0L]|\d+[KMG]?)|--(?:input|output|error)=\w+)$/, /^-[ioe]$/);
    case 'timeout': {
      const timed = skip(rest, /^(?:--foreground|--preserve-status|-v|--verbose|-[ks]\S+|--(?:kill-after|signal)=\S+)$/, /^-[ks]$/);
      return timed && /^\d+(?:\.\d+)?[smhd]?$/.test(timed[0]?.value ?? '') ? timed.slice(1) : undefined;
    }
    default:
      return undefined;
  }
}

/** Skips the options that are known; undefined when another one follows, so that it is judged as it stands. */
function skip(words: readonly Word[], alone: RegExp, valued?: RegExp): readonly Word[] | undefined {
  let i = 0;
  for (; i < words.length; i++) {
    const value = words[i]?.value ?? '';
    if (!value.startsWith('-')) break;
    if (valued?.test(value)) i++;
    else if (!alone.test(value)) return undefined;
  }
  return words.slice(i);
}

const HARMLESS_VARIABLES =
  /^(?:LANG|LC_[A-Z]+|NO_COLOR|FORCE_COLOR|CLICOLOR|CLICOLOR_FORCE|CI|TERM|COLUMNS|LINES|NODE_ENV|RUST_BACKTRACE|RUST_LOG|DEBUG|GIT_OPTIONAL_LOCKS|GIT_TERMINAL_PROMPT|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE)$/;

/** A variable before a program that changes how it shows things, not what it does; or a pager that is none. */
export function isHarmlessAssignment(word: Word): boolean {
  const [name = '', ...value] = word.value.split('=');
  if (word.glob || word.tilde || word.status) return false;
  if (name === 'PAGER' || name === 'GIT_PAGER') return value.join('=') === 'cat' || value.join('=') === '';
  if (name === 'TZ') return /^[A-Za-z][A-Za-z0-9_+/-]*$/.test(value.join('='));
  return HARMLESS_VARIABLES.test(name) && /^[A-Za-z0-9_.,:*@=-]*$/.test(value.join('='));
}
