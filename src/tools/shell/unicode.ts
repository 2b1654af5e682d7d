/** Characters that make a line mean something else than it shows [B1: unicode and control characters]. */

const KINDS: readonly (readonly [RegExp, string])[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  [/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/, 'a control character'],
  [/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/, 'a character that reverses the direction of text'],
  [/\p{Default_Ignorable_Code_Point}/u, 'an invisible character'],
  [/[\u{e0000}-\u{e007f}]/u, 'an invisible tag character'],
  [/[^\S \t\n]/u, 'a blank that is not a plain space'],
  [/[\u2028\u2029\ufff9-\ufffb\ufffe\uffff]/, 'an invisible character'],
  [/[\p{Co}\p{Cs}\p{Cn}]/u, 'a character without a meaning'],
];

/** What makes the line untrustworthy to look at; undefined for a plain one. */
export function hiddenCharacter(source: string): string | undefined {
  for (const [shape, name] of KINDS) {
    const found = shape.exec(source);
    if (found) return `It contains ${name} (U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}).`;
  }
  return undefined;
}
