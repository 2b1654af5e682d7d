const COMMANDS_ALONE = '=dDgGhHnNpPxzlqQ';

/**
 * Why a sed script does more than print; undefined when each of its commands is one that only prints or keeps. `w`, `W`,
 * `r`, `R`, `e`, the flags `w` and `e` of `s`, and whatever cannot be read count as more.
 */
export function sedReason(script: string): string | undefined {
  let at = 0;
  const skip = (shape: RegExp): void => {
    shape.lastIndex = at;
    at = shape.exec(script) ? shape.lastIndex : at;
  };
  while (at < script.length) {
    skip(/[\s;{}]*/y);
    if (at >= script.length) return undefined;
    if (!address()) return UNREAD;
    skip(/\s*!?\s*/y);
    const command = script[at++] ?? '';
    if (COMMANDS_ALONE.includes(command)) skip(/[ \t]*\d*/y);
    else if (command === 's' || command === 'y') {
      const flags = substitution();
      if (flags === undefined) return UNREAD;
      if (/[ewW]/.test(flags)) return 'The sed script writes a file or runs a command.';
    } else if (command === 'b' || command === 't' || command === 'T' || command === ':') skip(/[ \t]*[\w.-]*/y);
    else if (command === '{' || command === '}') continue;
    else if (command === 'a' || command === 'i' || command === 'c') {
      skip(/[^\n]*/y);
      if (script[at - 1] === '\\') return UNREAD;
      continue;
    } else if (/[wWrReFv]/.test(command)) return 'The sed script reads or writes a file or runs a command.';
    else return UNREAD;
    skip(/[ \t]*/y);
    if (at < script.length && !/[;\n}#]/.test(script[at] ?? '')) return UNREAD;
    if (script[at] === '#') skip(/#[^\n]*/y);
  }
  return undefined;

  function address(): boolean {
    for (let part = 0; part < 2; part++) {
      const slash = /\\?[/|,#%@:]/y;
      if (/[/\\]/.test(script[at] ?? '')) {
        slash.lastIndex = at;
        const open = slash.exec(script);
        if (!open) return false;
        const end = closing(script, at + open[0].length, open[0].slice(-1));
        if (end === undefined) return false;
        at = end + 1;
        skip(/[IM]*/y);
      } else skip(/\+?[\d~$]+/y);
      if (part === 0) {
        skip(/[ \t]*/y);
        if (script[at] !== ',') return true;
        at++;
        skip(/[ \t]*/y);
      }
    }
    return true;
  }

  /** Reads `/from/to/flags` and returns the flags. */
  function substitution(): string | undefined {
    const mark = script[at] ?? '';
    if (!/[^\s\\;A-Za-z0-9]/.test(mark)) return undefined;
    const middle = closing(script, at + 1, mark);
    const end = middle === undefined ? undefined : closing(script, middle + 1, mark);
    if (end === undefined) return undefined;
    const flags = /^[A-Za-z0-9]*/.exec(script.slice(end + 1))?.[0] ?? '';
    at = end + 1 + flags.length;
    return /^[gpiImMewW0-9]*$/.test(flags) ? flags : undefined;
  }
}

const UNREAD = 'The sed script has a part that is not judged.';

function closing(script: string, from: number, mark: string): number | undefined {
  for (let at = from; at < script.length; at++) {
    const char = script[at];
    if (char === '\\') at++;
    else if (char === '\n') return undefined;
    else if (char === '[') {
      // Seds differ on a mark inside a set, so a set that holds one is not read.
      const end = script.indexOf(']', at + 2);
      if (end >= 0 && script.slice(at, end).includes(mark)) return undefined;
    } else if (char === mark) return at;
  }
  return undefined;
}
