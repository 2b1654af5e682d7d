import { messageOf, ToolError } from '../core/errors';
import { errnoOf } from './errno';

/** What a failure of the file system means to the model. */
export function fileError(error: unknown, path: string): Error {
  if (error instanceof ToolError) return error;
  if (error instanceof Error && error.name === 'AbortError') return error;
  switch (errnoOf(error)) {
    case 'ENOENT':
      return missing(path);
    case 'EEXIST':
      return taken(path);
    case 'EISDIR':
      return isFolder(path);
    case 'ENOTDIR':
      return new ToolError(`A part of ${path} is a file, not a folder.`, 'Check the path with the glob tool.');
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return readOnly(path);
    case 'ENOSPC':
    case 'EDQUOT':
      return new ToolError(`The disk is full: ${path} was not changed.`, 'Tell the user to free some space, then try again.');
    case 'ENAMETOOLONG':
      return new ToolError(`The path ${path.slice(0, 200)}… is too long.`, 'Choose a shorter one.');
    case 'ELOOP':
      return new ToolError(`${path} leads through links that never end.`, 'Use the path of a real file.');
    case 'EMFILE':
    case 'ENFILE':
      return new ToolError(`${path} could not be opened: too many files are open.`, 'Try again in a moment.');
    default:
      return new ToolError(`${path} could not be used: ${messageOf(error)}`, 'Check the path, or tell the user what stands in the way.');
  }
}

export function missing(path: string): ToolError {
  return new ToolError(`${path} does not exist.`, 'Check the path with the glob tool, or create the file.');
}

export function taken(path: string): ToolError {
  return new ToolError(`${path} exists already.`, 'Read it and edit it, or choose another name.');
}

export function isFolder(path: string): ToolError {
  return new ToolError(`${path} is a folder.`, 'Name a file in it; the glob tool lists them.');
}

export function special(path: string): ToolError {
  return new ToolError(`${path} is a device or another special file.`, 'Only regular files can be read and edited.');
}

export function readOnly(path: string): ToolError {
  return new ToolError(`${path} is read-only or may not be accessed.`, 'Leave it as it is, or ask the user to change its permissions.');
}
