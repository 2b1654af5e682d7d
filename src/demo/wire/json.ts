/** JSON as it travels: objects whose fields must be looked at before they are trusted. */

export type JsonObject = { readonly [key: string]: unknown };

/** One content block, tool or system block; every one but a plain tool carries a `type`. */
export type Block = JsonObject & { readonly type: string };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isBlock(value: unknown): value is Block {
  return isObject(value) && typeof value.type === 'string';
}

export function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function blocksIn(value: unknown): readonly Block[] {
  return Array.isArray(value) ? value.filter(isBlock) : [];
}

export function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A string stands for one text block everywhere in the API; an absent value for none. */
export function asBlocks(value: unknown): readonly Block[] {
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  return blocksIn(value);
}

/** The object without the named fields and without nulls, in the order in which it was sent: what a prefix is compared by. */
export function without(object: JsonObject, ...fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key, value]) => value !== null && !fields.includes(key)));
}

/** Parses an object; undefined for anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
