/** The harness's own words, marked so that the model can tell them from the user's. Nothing in them can end the mark. */
export function notice(text: string): string {
  return `<plumb_notice>\n${inert(text)}\n</plumb_notice>`;
}

const TAG = /<(\s*\/?\s*)(?=plumb_notice)/gi;
const INERT_TAG = /<\\(\s*\/?\s*)(?=plumb_notice)/gi;

/**
 * Text of anybody else's (a user, a file, a tool) as the model is sent it: where it holds our mark, a backslash takes the
 * mark's force. So whatever stands in `<plumb_notice>` was said by the harness, wherever the model finds it.
 */
export function inert(text: string): string {
  return text.replace(TAG, '<\\$1');
}

/** The other way round, for text about a file that the model was shown: what the file itself holds. */
export function unmarked(text: string, file: string): string {
  return new RegExp(INERT_TAG).test(file) ? text : text.replace(INERT_TAG, '<$1');
}
