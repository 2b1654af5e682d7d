import { unmarked } from '../core/context/notice';
import { ToolError } from '../core/errors';
import { hasMark, restoreFrom } from '../core/observe/redact';

/** What the model means by a text about a file, which it was shown without secrets; null when a mark stands for nothing there. */
export function meantFor(text: string, file: string): string | null {
  return restoreFrom(unmarked(text, file), file);
}

/** The same for a call that is about to change the file. @throws ToolError so that a mark never gets into a file */
export function meant(shown: string, text: string, file: string): string {
  const whole = meantFor(text, file);
  if (whole !== null) return whole;
  const next = hasMark(file)
    ? 'Change other lines, or ask the user to do it.'
    : 'Read it again and use its marks as they stand, or leave these lines alone: a secret can only stay in the file where it is.';
  throw new ToolError(`${shown}: the text carries a redaction mark that stands for no secret of this file; nothing was written.`, next);
}
