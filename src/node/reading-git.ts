import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { which } from './shell-program';

/**
 * A folder for the front of PATH whose `git` asks the repository that a call is about for the settings that name programs
 * (filters, drivers for diffs, aliases), and switches each off for that call. Their names are the repository's own, so no
 * fixed environment can do that. The user's own settings stay. Undefined where there is no Git, and on Windows.
 */
export type ReadingGit = { folder(path: string): string | undefined; dispose(): void };

export function createReadingGit(): ReadingGit {
  const made = new Map<string, string>();
  return {
    folder(path) {
      const git = process.platform === 'win32' ? undefined : which('git', path);
      if (git === undefined) return undefined;
      const known = made.get(git);
      // Whoever tidies the temp folder may have taken it: then it is made anew.
      if (known !== undefined && existsSync(join(known, 'git'))) return known;
      // Of our own name and for us alone: nobody can have put another program there.
      const folder = mkdtempSync(join(tmpdir(), 'plumb-git-'));
      writeFileSync(join(folder, 'git'), SCRIPT.replace('@GIT@', `'${git.replaceAll("'", `'\\''`)}'`), { mode: 0o700 });
      made.set(git, folder);
      return folder;
    },
    dispose() {
      for (const folder of made.values()) rmSync(folder, { recursive: true, force: true });
      made.clear();
    },
  };
}

const SCRIPT = `#!/bin/sh
# Git for a line that nobody was asked about: what the repository's own settings would have it run is switched off.
real=@GIT@
set -f
globals=0 verb='' value=''
for word do
  case $value$word in
    -C | -c) value=' ' ;;
    -*) ;;
    ' '*) value='' ;;
    *) verb=$word; break ;;
  esac
  globals=$((globals + 1))
done

# Asks with the same options before the verb, so of the same repository.
ask() {
  left=$globals all=$#
  while [ "$left" -gt 0 ]; do
    word=$1; shift; set -- "$@" "$word"; left=$((left - 1))
  done
  shift $((all - globals))
  case $what in
    top) "$real" "$@" rev-parse --show-toplevel ;;
    modules) "$real" "$@" config --file "$top/.gitmodules" --name-only --list ;;
    *) "$real" "$@" config --show-scope --name-only --list || "$real" "$@" config --name-only --list ;;
  esac 2>/dev/null
}

count=\${GIT_CONFIG_COUNT:-0}
off() {
  export "GIT_CONFIG_KEY_$count=$1" "GIT_CONFIG_VALUE_$count=$2"
  count=$((count + 1))
}
tab='	'
IFS='
'
what=settings
for line in $(ask "$@"); do
  case $line in
    global"$tab"* | system"$tab"* | command"$tab"*) continue ;;
  esac
  key=\${line#*"$tab"}
  case $key in
    filter.*.clean | filter.*.smudge | filter.*.process) off "$key" '' ;;
    filter.*.required) off "$key" false ;;
    diff.*.textconv) off "$key" cat ;;
    diff.*.command | diff.external) off "$key" true ;;
    alias.*) off "$key" version ;;
    submodule.*.ignore) off "$key" dirty ;;
  esac
done
what=top
top=$(ask "$@")
if [ -f "$top/.gitmodules" ]; then
  what=modules
  for key in $(ask "$@"); do
    case $key in
      submodule.*.ignore) off "$key" dirty ;;
    esac
  done
fi
unset IFS
export GIT_CONFIG_COUNT="$count"

case $verb in
  diff | log | show | whatchanged | diff-tree | diff-index | diff-files)
    at=0 all=$#
    while [ "$at" -lt "$all" ]; do
      word=$1; shift; set -- "$@" "$word"
      [ "$at" -eq "$globals" ] && set -- "$@" --no-ext-diff --no-textconv
      at=$((at + 1))
    done
    ;;
esac
exec "$real" "$@"
`;
