import { gitDestruction } from './destructive-git';
import { serviceDestruction } from './destructive-services';

/**
 * What a command destroys, in plain words; undefined when nothing is known [B4]. It only raises the severity, so it may
 * say too much rather than too little. `words` are plain texts: they may come from anywhere in a line.
 */
export function destruction(words: readonly string[]): string | undefined {
  const name = programOf(words[0] ?? '');
  const args = words.slice(1);
  return simple(name, args) ?? (name === 'git' ? gitDestruction(args) : undefined) ?? serviceDestruction(name, args) ?? code(name, args);
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
};

/** Programs that destroy with one of these arguments. */
const WITH: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  find: [[/^-delete$/, 'It deletes every file that it finds']],
  rsync: [[/^--(?:del(?:ete)?(?:-\w+)?|remove-source-files)$/, 'It deletes files at its target or source']],
  tar: [[/^--(?:remove-files|recursive-unlink)$/, 'It deletes the files that it packed']],
  zip: [[/^-(?:\w*m\w*|-move)$/, 'It deletes the files that it packed']],
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
  systemctl: [[/^(?:poweroff|reboot|halt|mask)$/, 'It stops the machine or a service']],
  reg: [[/^delete$/i, 'It deletes settings']],
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
  if (Object.hasOwn(ALWAYS, name)) return `${ALWAYS[name]}.`;
  if (/^mkfs(?:\.|$)|^newfs/.test(name)) return 'It erases a disk.';
  if (name === 'fd' && !args.some((arg) => /^(?:rm|rmdir|unlink|shred|truncate)$/.test(arg) || /^-[xX](?:rm|shred)/.test(arg)))
    return undefined;
  const table = Object.hasOwn(WITH, name) ? (WITH[name] ?? []) : [];
  const found = table.find(([shape]) => args.some((arg) => shape.test(arg)));
  return found ? `${found[1]}.` : undefined;
}

const INTERPRETERS =
  /^(?:python[\d.]*|node|nodejs|deno|bun|ruby|perl|php|pwsh|powershell|osascript|lua|awk|gawk|mawk|tclsh|irb|emacs|vim|vi|nvim|ed|ex)$/;
const DELETING =
  /\b(?:rmtree|removedirs|os\.(?:remove|unlink|rmdir)|unlink(?:Sync)?|rm(?:dir)?Sync|fs(?:\.promises|Promises|p)?\.(?:rm|rmdir|unlink|truncate)|rimraf|FileUtils\.(?:rm\w*|remove\w*)|File\.delete|Dir\.(?:delete|rmdir|unlink)|remove_tree|Remove-Item|delete-file|delete-directory|send2trash|Deno\.remove|truncate)\b|\brm\s+-\w*[rf]|\.unlink\(|\.rmdir\(/;

/** Code given in the line itself: the names of what deletes, in the languages that people call so. */
function code(name: string, args: readonly string[]): string | undefined {
  if (!INTERPRETERS.test(name)) return undefined;
  return args.some((arg) => DELETING.test(arg)) ? 'The code in it deletes or empties files.' : undefined;
}
