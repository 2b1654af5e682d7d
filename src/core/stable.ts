/** JSON with keys in order at every level: equal values give equal text, whatever order they were built in. */
export function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const parts: Readonly<Record<string, unknown>> = { ...value };
    let text = '';
    // By UTF-16 code units, which is how strings compare.
    for (const key of Object.keys(parts).sort()) {
      if (parts[key] !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${stableJson(parts[key])}`;
    }
    return `{${text}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
