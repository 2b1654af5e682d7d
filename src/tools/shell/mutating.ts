import { guardWrite } from '../../core/permission/protected';
import type { Touch } from '../../core/tool';
import { programOf } from './destructive';
import { pathsOf, type Scene, touchesOf } from './scene';
import type { Word } from './tokenize';

/** What well-known commands change, for the prompt: longest match first. */
const DOES: readonly (readonly [RegExp, string])[] = [
  [/^(?:npm|pnpm|yarn|bun) (?:test|t)\b/, 'Runs the tests that package.json names'],
  [/^(?:npm|pnpm|yarn|bun) (?:run|run-script|start)\b/, 'Runs a script that package.json names'],
  [/^(?:npm|pnpm|yarn|bun) (?:i|install|ci|add)\b/, 'Installs packages and may run their scripts'],
  [/^(?:npm|pnpm|yarn|bun) (?:uninstall|remove|rm)\b/, 'Removes packages'],
  [/^(?:npm|pnpm|yarn) (?:view|info|outdated|audit|search|show|ping|whoami)\b/, 'Asks the registry that the folder names'],
  [/^(?:npx|bunx|pnpm dlx|yarn dlx)\b/, 'Runs a program of a package, fetched if it is not there'],
  [/^pip3? install\b/, 'Installs packages and may run their code'],
  [/^(?:cargo|go|mvn|gradle|dotnet|make|cmake|ninja|bazel|swift|mix) /, 'Builds or tests the project, which runs its code'],
  [/^(?:pytest|jest|vitest|mocha|rspec|phpunit|tox|nox)\b/, 'Runs tests'],
  [/^(?:tsc|eslint|prettier|biome|ruff|black|mypy|pyright)\b/, 'Checks or formats code with the tools of the project'],
  [/^git commit\b/, 'Makes a commit'],
  [/^git add\b/, 'Marks files for the next commit'],
  [/^git push\b/, 'Sends commits to the remote'],
  [/^git (?:pull|fetch|clone)\b/, 'Gets commits from the remote'],
  [/^git (?:merge|rebase|cherry-pick|revert)\b/, 'Combines commits'],
  [/^git (?:checkout|switch|branch|tag|stash)\b/, 'Changes branches, tags or the working files'],
  [/^git (?:config|remote|init)\b/, "Changes Git's settings"],
  [/^(?:curl|wget|http|https|xh|aria2c)\b/, 'Fetches from or sends to the network'],
  [/^(?:ssh|scp|sftp|rsync|ftp|telnet|nc|ncat|netcat|socat)\b/, 'Connects to another machine'],
  [/^(?:ping|dig|nslookup|host|traceroute|whois|getent)\b/, 'Asks the network'],
  [/^(?:\S*\/)?(?:g?sudo|doas|su|runas|pkexec|run0)(?= |$)/, 'Runs a command with the rights of the administrator'],
  [/^(?:bash|sh|zsh|dash|ksh|fish|pwsh|powershell|cmd)\b/, 'Runs a script'],
  [/^(?:python[\d.]*|node|deno|bun|ruby|perl|php|lua|java|Rscript|julia)\b/, 'Runs a program'],
  [/^find .*-(?:exec|execdir|ok|okdir)\b/, 'Runs a command on every file that it finds'],
  [/^(?:xargs|parallel|watch|setsid|env|flock|script|nsenter|chroot|unshare)\b/, 'Runs another command'],
  [/^(?:eval|source|\.|exec|trap|alias)(?: |$)/, 'Runs other commands in this shell'],
  [/^(?:export|declare|typeset|local|readonly|unset|read|let|shopt|setopt)\b/, 'Changes variables or options of the shell'],
  [/^(?:docker|podman|nerdctl)\b/, 'Runs or changes containers'],
  [/^(?:kubectl|helm|oc)\b/, 'Changes a cluster'],
  [/^(?:terraform|tofu|pulumi)\b/, 'Changes infrastructure'],
  [/^(?:apt|apt-get|dnf|yum|brew|pacman|snap|apk|zypper)\b/, 'Installs or updates programs of this machine'],
  [/^(?:kill|pkill|killall|skill|xkill)\b/, 'Stops processes'],
  [/^mkdir\b/, 'Makes folders'],
  [/^touch\b/, 'Makes files or changes their times'],
  [/^(?:cp|install|ditto)\b/, 'Copies files'],
  [/^(?:mv|rename)\b/, 'Moves or renames files'],
  [/^ln\b/, 'Makes links'],
  [/^(?:chmod|chown|chgrp|setfacl|chattr)\b/, 'Changes the rights of files'],
  [/^(?:tee|sponge)\b/, 'Writes files'],
  [/^(?:tar|unzip|zip|gzip|gunzip|bzip2|xz|zstd|7z|cpio)\b/, 'Packs or unpacks files'],
  [/^(?:sed|awk|gawk|perl) /, 'Edits text, maybe files in place'],
  [/^(?:systemctl|service|launchctl)\b/, 'Changes services'],
  [/^(?:open|xdg-open|start)\b/, 'Opens something in another program'],
  [/^(?:psql|mysql|sqlite3|mongosh?|redis-cli)\b/, 'Runs statements on a database'],
];

/** Lends the rights of another user, so that the bounds of this one say nothing of what it reaches. */
export function isElevating(words: readonly string[]): boolean {
  return /^(?:g?sudo|doas|su|runas|pkexec|run0)$/.test(programOf(words[0] ?? ''));
}

/** What a command that is not read-only does, in plain words, and why it is not taken for one that only reads. */
export function describe(text: string, notReadOnly: string): string {
  const found = DOES.find(([shape]) => shape.test(text));
  return found ? `${found[1]}.` : notReadOnly;
}

const WRITES: Readonly<Record<string, (operands: readonly Word[]) => readonly Word[]>> = {
  mkdir: (all) => all,
  touch: (all) => all,
  tee: (all) => all,
  chmod: (all) => all.slice(1),
  chown: (all) => all.slice(1),
  cp: (all) => all.slice(-1),
  mv: (all) => all,
  ln: (all) => all.slice(-1),
  install: (all) => all.slice(-1),
};
const DELETES = new Set(['rm', 'rmdir', 'unlink', 'shred', 'truncate', 'rimraf', 'srm']);

/**
 * The paths that a command would change, as far as its words tell. Besides the operands of known programs these are all
 * words that name a protected path or a place outside the folder: what cannot be known errs towards being shown [B5].
 */
export async function changedPaths(words: readonly Word[], scene: Scene): Promise<readonly Touch[]> {
  const name = programOf(words[0]?.value ?? '');
  const rest = words.slice(1);
  const operands = rest.filter((word) => !word.value.startsWith('-'));
  const writes = Object.hasOwn(WRITES, name) ? (WRITES[name]?.(operands) ?? []) : [];
  const deletes =
    DELETES.has(name) || (name === 'git' && operands[0]?.value === 'rm') ? operands.filter((word) => word.value !== 'rm') : [];
  const others = rest.filter((word) => !writes.includes(word) && !deletes.includes(word));
  const named = await Promise.all([
    ...writes.map((word) => touchesOf(word, 'write', scene)),
    ...deletes.map((word) => touchesOf(word, 'delete', scene)),
  ]);
  const program = words[0]?.value ?? '';
  const ran: Touch[] = /[\\/]/.test(program) ? pathsOf(program, false, scene).map((path) => ({ path, access: 'read' })) : [];
  return [...named.flat(), ...(await Promise.all(others.map((word) => suspected(word, scene)))).flat(), ...outsideOnly(ran, scene)];
}

/** A word of an unknown program: only where it could do harm is it counted as a path that changes. */
async function suspected(word: Word, scene: Scene): Promise<readonly Touch[]> {
  const value = word.value
    .replace(/^--?[A-Za-z][\w-]*=/, '')
    .replace(/^[A-Za-z_]\w*=/, '')
    .replace(/^@/, '');
  if (value === '' || value.length > 4000 || /^[a-z][a-z0-9+.-]*:\/\//i.test(value) || /\n/.test(value)) return [];
  const tilde = value.startsWith('~/') || value === '~';
  const paths = pathsOf(value, tilde, scene);
  const guarded = paths.filter((path) => guardWrite(path, scene.roots) !== undefined);
  if (guarded.length > 0 && looksLikePath(value)) return guarded.map((path) => ({ path, access: 'write' }));
  const outside = tilde || /^(?:[\\/]|[A-Za-z]:[\\/])|(?:^|[\\/])\.\.(?:[\\/]|$)/.test(value);
  return outside && !/^\/[A-Za-z?]$/.test(value) && !/^\/dev\/(?:null|stdin|stdout|stderr)$/.test(value)
    ? paths.map((path) => ({ path, access: 'write' }))
    : [];
}

/** A protected name inside a sentence, such as a commit message, is no path. */
function looksLikePath(value: string): boolean {
  return !/\s/.test(value);
}

function outsideOnly(touches: readonly Touch[], scene: Scene): readonly Touch[] {
  return touches.filter(({ path }) => !scene.roots.some((root) => path === root || path.startsWith(`${root}/`)));
}
