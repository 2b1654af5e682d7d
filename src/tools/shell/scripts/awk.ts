/**
 * Why an awk program is more than a filter; undefined for one that only prints. Texts, patterns and comments are taken out
 * first, so that a `|` in a pattern does not count. That is done only where every slash surely begins a pattern: a slash
 * that could divide leaves the whole program in sight, and then any such sign counts, wherever it stands.
 */
export function awkReason(program: string): string | undefined {
  const bare = withoutTexts(program);
  const seen = bare ?? program;
  if (/\b(?:system|getline|close|fflush|ENVIRON|ARGV|ARGC|PROCINFO)\b/.test(seen))
    return 'The awk program can run commands or read elsewhere.';
  if (seen.includes('@')) return 'The awk program loads others or calls a function by name.';
  if (/(?<!\|)\|(?!\|)|\|&/.test(seen)) return 'The awk program pipes into a command.';
  // Inside brackets `>` compares; after a `print` and outside of them it writes.
  const flat = bare === undefined ? program : withoutBrackets(bare);
  if (/\bprintf?\b[^;{}]*>|>>/.test(flat)) return 'The awk program writes a file.';
  return undefined;
}

/** The program without what it only carries; undefined where its parts cannot be told apart for sure. */
function withoutTexts(program: string): string | undefined {
  if (program.includes('\\\n')) return undefined;
  let out = '';
  for (let at = 0; at < program.length; at++) {
    const char = program[at] ?? '';
    if (char === '#') {
      const end = program.indexOf('\n', at);
      if (end < 0) return out;
      at = end - 1;
    } else if (char === '"' || char === '/') {
      if (char === '/' && !/(?:^|[(,~!{};\n]|&&|\|\|)\s*$/.test(out)) return undefined;
      const end = closing(program, at + 1, char);
      if (end === undefined) return undefined;
      // Some awks let a set hold the slash, for others it ends there.
      if (char === '/' && /\[[^\]]*$/.test(program.slice(at + 1, end))) return undefined;
      out += ' "" ';
      at = end;
    } else out += char;
  }
  return out;
}

function withoutBrackets(text: string): string {
  let flat = text;
  for (let before = ''; before !== flat; ) {
    before = flat;
    flat = flat.replace(/\([^()]*\)/g, ' ');
  }
  return flat;
}

function closing(program: string, from: number, quote: string): number | undefined {
  for (let at = from; at < program.length; at++) {
    if (program[at] === '\\') at++;
    else if (program[at] === '\n') return undefined;
    else if (program[at] === quote) return at;
  }
  return undefined;
}
