/** Localised texts by their English original, handed over in the snapshot; what is missing stays English. */
let table: Readonly<Record<string, string>> = {};

export function setStrings(strings: Readonly<Record<string, string>>): void {
  table = strings;
}

/** The text in the user's language, with `{0}`, `{1}`… filled in. */
export function t(english: string, ...values: readonly (string | number)[]): string {
  const text = table[english] ?? english;
  return values.length === 0 ? text : text.replace(/\{(\d)\}/g, (whole, index) => String(values[Number(index)] ?? whole));
}

/** Picks the form for `count`, which fills `{0}`. */
export function plural(count: number, one: string, many: string): string {
  return t(count === 1 ? one : many, count);
}
