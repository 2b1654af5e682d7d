import { gitDestruction } from './destructive-git';
import { serviceDestruction } from './destructive-services';

/**
 * What a command destroys, in plain words; undefined when nothing is known [B4]. It only raises the severity, so it may
 * say too much rather than too little. `words` are plain texts: they may come from anywhere in a line.
 */
export function destruction(words: readonly string[]): string | undefined {
  const name = programOf(words[0] ?? '');
  const args = words.slice(1);
  return (
    simple(name, args) ??
    (name === 'git' ? gitDestruction(args) : undefined) ??
    serviceDestruction(name, args) ??
    code(name, args) ??
    byVerb(name, args)
  );
}

export function programOf(word: string): string {
  return word
    .replace(/^.*[\\/]/, '')
    .replace(/\.(?:exe|cmd|bat)$/i, '')
    .toLowerCase();
}

const ALWAYS: Readonly<Record<string, string>> = {
  rm: 'It deletes files',
  rmdir: 'It deletes folders',
  unlink: 'It deletes a file',
  shred: 'It overwrites files beyond recovery',
  srm: 'It overwrites files beyond recovery',
  wipe: 'It overwrites files beyond recovery',
  rimraf: 'It deletes files and folders',
  truncate: 'It cuts files off',
  dd: 'It copies raw bytes over its target',
  wipefs: 'It erases a disk',
  fdisk: 'It changes the parts of a disk',
  sfdisk: 'It changes the parts of a disk',
  gdisk: 'It changes the parts of a disk',
  sgdisk: 'It changes the parts of a disk',
  parted: 'It changes the parts of a disk',
  mkswap: 'It erases a disk',
  blkdiscard: 'It erases a disk',
  lvremove: 'It deletes a volume',
  vgremove: 'It deletes volumes',
  pvremove: 'It erases a disk label',
  userdel: 'It deletes a user',
  deluser: 'It deletes a user',
  groupdel: 'It deletes a group',
  shutdown: 'It stops the machine',
  reboot: 'It restarts the machine',
  poweroff: 'It stops the machine',
  halt: 'It stops the machine',
  del: 'It deletes files',
  erase: 'It deletes files',
  rd: 'It deletes folders',
  format: 'It erases a disk',
  dropdb: 'It deletes a database',
  dropuser: 'It deletes a database user',
  'trash-empty': 'It empties the trash',
  'remove-item': 'It deletes files',
  ri: 'It deletes files',
  'clear-content': 'It empties files',
  'clear-disk': 'It erases a disk',
  'format-volume': 'It erases a disk',
  'remove-itemproperty': 'It deletes settings',
  'stop-computer': 'It stops the machine',
  'restart-computer': 'It restarts the machine',
  killall: 'It stops processes',
  pkill: 'It stops processes',
  ipcrm: 'It deletes shared memory',
  mke2fs: 'It erases a disk',
  'nix-collect-garbage': 'It deletes packages',
  'clear-recyclebin': 'It empties the trash',
  'stop-process': 'It stops processes',
  'stop-service': 'It stops a service',
  taskkill: 'It stops processes',
  clc: 'It empties files',
  cli: 'It empties things',
  spps: 'It stops processes',
  spsv: 'It stops a service',
  rp: 'It deletes settings',
  zf_rm: 'It deletes files',
  zf_rmdir: 'It deletes folders',
  deltree: 'It deletes folders',
  cipher: 'It can overwrite free space',
  diskpart: 'It changes the parts of a disk',
  bcdedit: 'It changes how the machine starts',
};

/** Programs that destroy with one of these arguments. */
const WITH: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  kill: [[/^-(?:9|KILL|SIGKILL|s|name|id|force)$/i, 'It stops processes at once']],
  cargo: [[/^clean$/, 'It deletes what was built']],
  make: [[/^(?:clean|distclean|mrproper|clobber|purge)$/, 'It deletes what was built']],
  gmake: [[/^(?:clean|distclean|mrproper|clobber|purge)$/, 'It deletes what was built']],
  go: [[/^-(?:modcache|cache|testcache)$/, 'It deletes what was built']],
  bazel: [[/^clean$/, 'It deletes what was built']],
  dotnet: [[/^clean$/, 'It deletes what was built']],
  npm: [[/^prune$/, 'It deletes packages']],
  pnpm: [[/^prune$/, 'It deletes packages']],
  yarn: [[/^clean$/, 'It deletes packages']],
  bundle: [[/^clean$/, 'It deletes packages']],
  uv: [[/^(?:clean|prune)$/, 'It deletes packages']],
  pip: [[/^(?:uninstall|purge)$/, 'It deletes packages']],
  pip3: [[/^(?:uninstall|purge)$/, 'It deletes packages']],
  conda: [[/^(?:remove|uninstall|clean)$/, 'It deletes packages']],
  mamba: [[/^(?:remove|uninstall|clean)$/, 'It deletes packages']],
  poetry: [[/^env$/, 'It may delete an environment']],
  pipenv: [[/^(?:--rm|--clear)$/, 'It deletes an environment']],
  pg_restore: [[/^(?:-c|--clean)$/, 'It deletes data of a database']],
  mongorestore: [[/^--drop$/, 'It deletes data of a database']],
  '7z': [[/^d$/, 'It deletes from an archive']],
  ufw: [[/^(?:reset|disable)$/, 'It deletes firewall rules']],
  nft: [[/^(?:flush|delete)$/, 'It deletes firewall rules']],
  journalctl: [[/^--vacuum/, 'It deletes logs']],
  xattr: [[/^-\w*[cd]/, 'It deletes facts of files']],
  losetup: [[/^-\w*[dD]/, 'It detaches disks']],
  nomad: [[/^-purge$/, 'It deletes a job']],
  ip: [[/^(?:del|delete|flush)$/, 'It deletes settings of the network']],
  route: [[/^(?:del|delete|flush)$/, 'It deletes settings of the network']],
  podman: [[/^reset$/, 'It deletes containers, images or their data']],
  passwd: [[/^-\w*[dl]/, 'It locks or opens an account']],
  sc: [[/^(?:delete|stop)$/i, 'It removes or stops a service']],
  net: [[/^(?:\/delete|stop)$/i, 'It removes or stops something']],
  wevtutil: [[/^(?:cl|clear-log)$/i, 'It deletes logs']],
  wmic: [[/^(?:delete|terminate)$/i, 'It deletes or stops something']],
  schtasks: [[/^\/delete$/i, 'It deletes a timed job']],
  fsutil: [[/^(?:setzerodata|delete\w*|createnew)$/i, 'It changes files below their content']],
  netsh: [[/^(?:reset|delete)$/i, 'It deletes settings of the network']],
  manage: [[/^zero$/, 'It deletes data of a database']],
  find: [[/^-delete$/, 'It deletes every file that it finds']],
  rsync: [[/^--(?:del(?:ete)?(?:-\w+)?|remove-source-files)$/, 'It deletes files at its target or source']],
  tar: [[/^--(?:remove-files|recursive-unlink|delete)$/, 'It deletes the files that it packed']],
  zip: [[/^-(?:\w*m\w*|-move|d|-delete)$/, 'It deletes the files that it packed']],
  crontab: [[/^-\w*r/, 'It deletes all timed jobs']],
  history: [[/^-c$/, 'It deletes the history']],
  iptables: [[/^(?:-F|--flush|-X)$/, 'It deletes firewall rules']],
  diskutil: [[/^(?:erase|partition|reformat|secureErase|zeroDisk)/i, 'It erases a disk']],
  cryptsetup: [[/^(?:luksFormat|erase|luksErase)$/, 'It erases a disk']],
  zpool: [[/^(?:destroy|labelclear)$/, 'It destroys a storage pool']],
  zfs: [[/^(?:destroy|rollback)$/, 'It destroys a file system']],
  btrfs: [[/^delete$/, 'It deletes a volume']],
  mdadm: [[/^--(?:zero-superblock|remove)$/, 'It erases a disk']],
  init: [[/^[06]$/, 'It stops the machine']],
  systemctl: [[/^(?:poweroff|reboot|halt|mask|stop|kill)$/, 'It stops the machine or a service']],
  reg: [[/^delete$/i, 'It deletes settings']],
  wbadmin: [[/^delete$/i, 'It deletes backups']],
  vssadmin: [[/^delete$/i, 'It deletes backups']],
  mv: [[/^\/dev\/null$/, 'It throws files away']],
  cp: [[/^\/dev\/(?:null|zero)$/, 'It empties its target']],
  robocopy: [[/^\/(?:mir|purge|move?)$/i, 'It deletes files at its target or source']],
  fd: [[/^(?:-[a-zA-Z]*[xX]|--exec(?:-batch)?(?:=.*)?)$/, 'It runs a command on every file that it finds']],
  gio: [[/^(?:trash|remove)$/, 'It deletes files']],
  logrotate: [[/^-\w*f/, 'It throws logs away']],
};

function simple(name: string, args: readonly string[]): string | undefined {
  if (args.length === 1 && /^(?:--version|--help|-V)$/.test(args[0] ?? '')) return undefined;
  const verb = /^(remove|clear|uninstall|unregister|stop|restart|initialize|reset)-[a-z0-9]+$/.exec(name)?.[1];
  if (verb && name !== 'clear-host') return `It ${verb === 'stop' || verb === 'restart' ? 'stops' : 'deletes'} something.`;
  if (/^(?:copy|cp|copy-item)$/.test(name) && args.some((arg) => /^nul$/i.test(arg))) return 'It empties its target.';
  if (Object.hasOwn(ALWAYS, name)) return `${ALWAYS[name]}.`;
  if (/^mkfs(?:\.|$)|^newfs/.test(name)) return 'It erases a disk.';
  if (name === 'fd' && !args.some((arg) => /^(?:rm|rmdir|unlink|shred|truncate)$/.test(arg) || /^-[xX](?:rm|shred)/.test(arg)))
    return undefined;
  const table = Object.hasOwn(WITH, name) ? (WITH[name] ?? []) : [];
  const found = table.find(([shape]) => args.some((arg) => shape.test(arg)));
  return found ? `${found[1]}.` : undefined;
}

/** Programs whose words are text, or whose verbs are known one by one. */
const TEXTUAL =
  /^(?:echo|printf|git|grep|egrep|fgrep|rg|ag|ack|sed|awk|gawk|cat|less|man|find|fd|gh|glab|cd|export|set|test|\[|touch|mkdir|cp|mv|ln|code|vim?|nvim|nano|python[\d.]*|node|ruby|perl|php|bash|sh|zsh|curl|wget|jira|say|logger|read|case|for|make|npm|yarn|pnpm|cargo)$/;
const VERB =
  /^(?:delete|destroy|purge|drop|wipe|erase|uninstall|terminate|flush|nuke|truncate|obliterate|shred|flushall|(?:delete|destroy|purge|terminate|drop|wipe)[-:_][\w-]+|[\w-]+[:.](?:delete|destroy|purge|drop|wipe))$/i;

/** What a program calls its own verbs tells enough where nothing else is known of it. */
function byVerb(name: string, args: readonly string[]): string | undefined {
  if (TEXTUAL.test(name) || name === '') return undefined;
  const words = args.filter((arg) => !arg.startsWith('-')).slice(0, 4);
  return words.some((word) => VERB.test(word)) ? 'By its words it deletes something.' : undefined;
}

const INTERPRETERS =
  /^(?:python[\d.]*|node|nodejs|deno|bun|ruby|perl|php|pwsh|powershell|osascript|lua|awk|gawk|mawk|tclsh|irb|emacs|vim|vi|nvim|ed|ex)$/;
const DELETING =
  /\b(?:rmtree|removedirs|os\.(?:remove|unlink|rmdir)|unlink(?:Sync)?|rm(?:dir)?Sync|fs(?:\.promises|Promises|p)?\.(?:rm|rmdir|unlink|truncate)|rimraf|FileUtils\.(?:rm\w*|remove\w*)|File\.delete|Dir\.(?:delete|rmdir|unlink)|remove_tree|Remove-Item|delete-file|delete-directory|send2trash|Deno\.(?:remove|removeSync)|truncate)\b|\brm\s+-\w*[rf]|\.unlink\(|\.rmdir\(/;

export function deletesInCode(text: string): boolean {
  return DELETING.test(text);
}

/** Code given in the line itself: the names of what deletes, in the languages that people call so. */
function code(name: string, args: readonly string[]): string | undefined {
  if (!INTERPRETERS.test(name)) return undefined;
  return args.some((arg) => DELETING.test(arg)) ? 'The code in it deletes or empties files.' : undefined;
}
