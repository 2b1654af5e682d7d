import { readFile } from 'node:fs/promises';
import type { ExitNote } from '../core/ports/shell';
import { unless } from './errno';

/**
 * The shell around a command. It joins the two streams, so that they keep their order, and without a note is replaced
 * by the command's own shell. With one it stays, to write down how that ended: it lives on when we die. It lets the
 * command heed a signal first, and then ends in the same way as the command did.
 */
export function outerArguments(inner: readonly string[], exit: ExitNote | undefined): readonly string[] {
  if (!exit) return ['-c', JOINING, ...inner];
  return ['-c', NOTING, exit.file, exit.key, ...inner];
}

const JOINING = 'exec "$0" "$@" 2>&1';

// Joined one shell further in, for what the outer one has to say itself (`Terminated`) is not the command's output.
const NOTING = `trap : HUP INT TERM
key=$1; shift
/bin/sh -c '${JOINING}' "$@"
code=$?
umask 077
printf '%s %d\\n' "$key" "$code" 2>/dev/null >"$0"
trap - HUP INT TERM
[ "$code" -gt 128 ] && kill -"$((code - 128))" $$ 2>/dev/null
exit "$code"`;

/** The exit code under that key; null when it is not there whole. */
export async function readExitNote({ file, key }: ExitNote): Promise<number | null> {
  const text = await unless(readFile(file, 'utf8'), 'ENOENT', 'ENOTDIR');
  const [, noted, code] = /^(\S+) (\d{1,3})\n$/.exec(text ?? '') ?? [];
  return noted === key ? Number(code) : null;
}
