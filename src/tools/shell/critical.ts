import { below, normalize } from '../../core/permission/paths';
import { programOf } from './destructive';
import { pathsOf, type Scene } from './scene';

/**
 * Commands that nothing opens [B4]: deleting the root of the system, a folder right below it, the home folder, the current
 * folder or one that holds it; writing raw disks; running what was just downloaded. `words` are plain texts.
 */
export function critical(words: readonly string[], scene: Scene): string | undefined {
  const name = programOf(words[0] ?? '');
  const args = words.slice(1);
  if (args.includes('--no-preserve-root')) return 'It is told to delete even the root of the system. This is always asked.';
  const device = args.find((arg) => isDisk(arg.replace(/^of=/, '')));
  if (
    device &&
    (/^(?:dd|shred|wipefs|tee|cp|mv|parted|fdisk|sfdisk|sgdisk|gdisk|blkdiscard|badblocks|hdparm)$/.test(name) || /^mkfs|^newfs/.test(name))
  ) {
    return `It writes the disk ${device.replace(/^of=/, '')}. This is always asked.`;
  }
  if (/^(?:mkfs(?:\..*)?|format|format-volume|clear-disk)$/.test(name) && args.length > 0) return 'It erases a disk. This is always asked.';
  if (name === 'diskutil' && /^(?:erase|partition|zero)/i.test(args[0] ?? '')) return 'It erases a disk. This is always asked.';
  const verb = deletes(name, args);
  if (!verb) return undefined;
  for (const arg of targets(name, args)) {
    const place = vital(arg, scene);
    if (place) return `It ${verb} ${place} (${arg}). This is always asked.`;
  }
  return undefined;
}

export function isDisk(path: string): boolean {
  return (
    /^\/dev\/(?!null$|zero$|stdout$|stderr$|stdin$|tty$|fd\/|random$|urandom$|full$|shm\/|pts\/)/.test(path) ||
    /^\\\\\.\\PhysicalDrive/i.test(path)
  );
}

function deletes(name: string, args: readonly string[]): string | undefined {
  switch (name) {
    case 'rm':
    case 'rmdir':
    case 'unlink':
    case 'shred':
    case 'srm':
    case 'rimraf':
    case 'del':
    case 'erase':
    case 'rd':
    case 'remove-item':
    case 'ri':
    case 'mv':
      return name === 'mv' ? 'moves away' : 'deletes';
    case 'chmod':
    case 'chown':
    case 'chgrp':
    case 'setfacl':
      return args.some((arg) => /^-\w*R|^--recursive$/.test(arg)) ? 'changes the rights of everything in' : undefined;
    case 'find':
      return args.includes('-delete') &&
        !args.some((arg) => /^-(?:i?name|i?path|i?regex|empty|mtime|mmin|newer|size|atime|ctime)/.test(arg))
        ? 'deletes everything in'
        : undefined;
    default:
      return undefined;
  }
}

function targets(name: string, args: readonly string[]): readonly string[] {
  if (name === 'find') {
    const expression = args.findIndex((arg) => /^[-(!]/.test(arg));
    const paths = expression < 0 ? args : args.slice(0, expression);
    return paths.length > 0 ? paths : ['.'];
  }
  const operands = args.filter((arg) => !/^-\w|^--\w/.test(arg) && !(isWindowsTool(name) && /^\/[A-Za-z]$/.test(arg)));
  return name === 'mv' ? operands.slice(0, -1) : operands;
}

function isWindowsTool(name: string): boolean {
  return name === 'rd' || name === 'rmdir' || name === 'del' || name === 'erase';
}

/** What this path is, when losing it would mean losing everything; undefined for ordinary paths. */
function vital(arg: string, scene: Scene): string | undefined {
  const wild = /(?:^|[\\/])(?:\*|\*\*|\.\*|\.\[.*|\{.*,.*|\*\.\*|\*[\\/]?)$/.test(arg);
  // All of a folder's content is as good as the folder.
  const bare = wild ? arg.replace(/[^\\/]*[\\/]?$/, '') || '.' : arg;
  if (/^(?:\$\{?HOME\}?|%USERPROFILE%|\$env:USERPROFILE|\$HOME)[\\/]*$/i.test(bare)) return 'the home folder';
  if (/^\$/.test(bare))
    return /^\$\w+[\\/]+$/.test(bare) ? 'a folder known only when it runs, which may be the root of the system' : undefined;
  for (const path of pathsOf(bare, bare.startsWith('~'), scene)) {
    const place = vitalPath(normalize(path), scene);
    if (place) return place;
  }
  return undefined;
}

function vitalPath(path: string, scene: Scene): string | undefined {
  const segments = path
    .replace(/^[A-Za-z]:/, '')
    .split('/')
    .filter(Boolean);
  if (segments.length === 0) return 'the root of the system';
  if (segments.length === 1) return 'a folder right below the root of the system';
  if (segments.length === 2 && /^(?:home|Users)$/i.test(segments[0] ?? '')) return 'a home folder';
  if (below(scene.home, path) !== undefined) return 'the home folder';
  if (scene.roots.some((root) => below(root, path) !== undefined)) return 'the workspace itself or a folder that holds it';
  if (scene.cwds.some((cwd) => below(cwd, path) !== undefined)) return 'the current folder or one that holds it';
  return undefined;
}
