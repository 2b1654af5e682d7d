/** Escape sequences: OSC with its end, CSI, and the short ones. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these sequences are made of control characters
const ESCAPES = /\u001b\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\)|\u001b\[[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is left of them says nothing as text
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** Terminal output as a reader would find it: colours out, and of a line that was overwritten only its last state. */
export function plainTerminal(output: string): string {
  const text = output.replace(ESCAPES, '').replace(/\r+\n/g, '\n');
  const lines = text.includes('\r') ? text.split('\n').map(lastState).join('\n') : text;
  return lines.replace(CONTROLS, '');
}

function lastState(line: string): string {
  return line.split('\r').findLast((part) => part !== '') ?? '';
}
