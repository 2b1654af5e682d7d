import { FileSystemError, l10n } from 'vscode';
import { messageOf, ToolError } from '../../core/errors';

export function isMissing(error: unknown): boolean {
  return error instanceof FileSystemError && error.code === 'FileNotFound';
}

/** What a file system error means to the model. */
export function fileFailure(path: string, error: unknown): ToolError {
  if (error instanceof ToolError) return error;
  const code = error instanceof FileSystemError ? error.code : '';
  switch (code) {
    case 'FileNotFound':
      return missing(path);
    case 'FileExists':
      return new ToolError(l10n.t('{0} exists already.', path), l10n.t('Read it and edit it, or choose another name.'));
    case 'FileIsADirectory':
      return new ToolError(l10n.t('{0} is a folder.', path), l10n.t('Name a file in it; the glob tool lists them.'));
    case 'FileNotADirectory':
      return new ToolError(l10n.t('A part of {0} is a file, not a folder.', path), l10n.t('Check the path with the glob tool.'));
    case 'NoPermissions':
      return readOnly(path);
    default:
      return new ToolError(
        l10n.t('{0} could not be used: {1}', path, messageOf(error)),
        l10n.t('Check the path, or tell the user what stands in the way.'),
      );
  }
}

export function missing(path: string): ToolError {
  return new ToolError(l10n.t('{0} does not exist.', path), l10n.t('Check the path with the glob tool, or create the file.'));
}

export function readOnly(path: string): ToolError {
  return new ToolError(
    l10n.t('{0} is read-only or may not be accessed.', path),
    l10n.t('Leave it as it is, or ask the user to change its permissions.'),
  );
}

export function leadsOut(path: string, real: string): ToolError {
  return new ToolError(
    l10n.t('{0} leads out of the workspace through a link, to {1}; nothing was written.', path, real),
    l10n.t('If that file is really meant, name it by its own path: {0}.', real),
  );
}

export function special(path: string): ToolError {
  return new ToolError(l10n.t('{0} is a device or another special file.', path), l10n.t('Only regular files can be read and edited.'));
}
