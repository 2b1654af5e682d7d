import {
  type Disposable,
  EventEmitter,
  type FileChangeEvent,
  FileChangeType,
  FileSystemError,
  FileType,
  type Uri,
  workspace,
} from 'vscode';
import { uriOf } from '../documents/uris';
import type { Pending } from './pending';
import type { Queue } from './queue';

const BASELINE_SCHEME = 'plumb-baseline';

/** The text before the agent, as a resource that diff editors can show beside the file. */
export function baselineUri(path: string): Uri {
  return uriOf(path).with({ scheme: BASELINE_SCHEME, authority: '' });
}

/**
 * A read-only file system of baselines, so that notebooks and other special editors diff them as what they are. A
 * file that is no longer pending has the same text on both sides.
 */
export function registerBaselineFiles(queue: Queue): Disposable {
  const changes = new EventEmitter<FileChangeEvent[]>();
  const versions = new Map<string, { base: string; mtime: number }>();
  const pendingOf = (uri: Uri) => queue.all().find((p) => uriOf(p.path).path === uri.path);
  const real = (uri: Uri) => {
    const scheme = workspace.workspaceFolders?.find((f) => uri.path.startsWith(f.uri.path))?.uri;
    return scheme ? scheme.with({ path: uri.path }) : uri.with({ scheme: 'file' });
  };
  const version = (pending: Pending) => {
    const known = versions.get(pending.path);
    if (known?.base === pending.base) return known;
    const next = { base: pending.base, mtime: Math.max(Date.now(), (known?.mtime ?? 0) + 1) };
    versions.set(pending.path, next);
    return next;
  };
  const readOnly = () => {
    throw FileSystemError.NoPermissions();
  };
  const subscription = queue.onChange((path) => {
    const pending = queue.get(path);
    if (pending && versions.get(path)?.base === pending.base) return;
    if (!pending) versions.delete(path);
    changes.fire([{ type: FileChangeType.Changed, uri: baselineUri(path) }]);
  });
  const provider = workspace.registerFileSystemProvider(
    BASELINE_SCHEME,
    {
      onDidChangeFile: changes.event,
      watch: () => ({ dispose: () => {} }),
      async stat(uri) {
        const pending = pendingOf(uri);
        if (!pending) return workspace.fs.stat(real(uri));
        return { type: FileType.File, ctime: 0, mtime: version(pending).mtime, size: bytesOf(pending).byteLength };
      },
      async readFile(uri) {
        const pending = pendingOf(uri);
        return pending ? bytesOf(pending) : workspace.fs.readFile(real(uri));
      },
      readDirectory: () => [],
      createDirectory: readOnly,
      writeFile: readOnly,
      delete: readOnly,
      rename: readOnly,
    },
    { isReadonly: true, isCaseSensitive: true },
  );
  return {
    dispose() {
      provider.dispose();
      subscription.dispose();
      changes.dispose();
    },
  };
}

/** Text is served as UTF-8; what is no text has only its bytes. */
function bytesOf(pending: Pending): Uint8Array {
  if (pending.kind === 'delete' && pending.base === '' && pending.bytes) return pending.bytes;
  return new TextEncoder().encode(pending.base);
}
