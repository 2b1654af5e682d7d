import type { ShellKind } from '../core/ports/shell';
import type { Tool } from '../core/tool';
import { askUser } from './ask-user';
import { callTool } from './call-tool';
import { deleteFile } from './delete-file';
import { diagnostics } from './diagnostics';
import { editFile } from './edit-file';
import { findTools } from './find-tools';
import { glob } from './glob';
import { grep } from './grep';
import { moveFile } from './move-file';
import { readFile } from './read-file';
import { shellTool } from './shell';
import { symbols } from './symbols';
import { tasks } from './tasks';
import { writeFile } from './write-file';

/** Every built-in tool. Without a shell there is no shell tool: all work on files goes on without one [R6]. */
export function allTools(shell?: { readonly kind: ShellKind; readonly programs: readonly string[] }): readonly Tool[] {
  const files = [readFile, writeFile, editFile, deleteFile, moveFile, glob, grep];
  const others = [diagnostics, symbols, askUser, tasks, findTools, callTool];
  return shell ? [...files, ...others, shellTool(shell)] : [...files, ...others];
}
