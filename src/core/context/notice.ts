/** The harness's own words, marked so that the model can tell them from the user's. */
export function notice(text: string): string {
  return `<plumb_notice>\n${text}\n</plumb_notice>`;
}
