import { stableJson } from '../stable';

/**
 * RFC 8785 (JSON Canonicalization Scheme): the one text of a JSON value, for hashes and signatures. Keys in the order of
 * their UTF-16 code units, numbers as ECMAScript writes them, no white space. @throws TypeError for what is no JSON: a
 * number without a value, half of a surrogate pair
 */
export function canonicalJson(value: unknown): string {
  refuseForeign(value);
  return stableJson(value);
}

function refuseForeign(value: unknown): void {
  switch (typeof value) {
    case 'string':
      if (LONE.test(value)) throw new TypeError('Half of a surrogate pair has no canonical form.');
      return;
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical form.`);
      return;
    case 'boolean':
      return;
    case 'object':
      if (value === null) return;
      for (const [key, part] of Object.entries(value)) {
        refuseForeign(key);
        if (part !== undefined || Array.isArray(value)) refuseForeign(part);
      }
      return;
    default:
      throw new TypeError(`A ${typeof value} has no canonical form.`);
  }
}

const LONE = /\p{Surrogate}/u;
