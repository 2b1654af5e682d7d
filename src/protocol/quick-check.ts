import { z } from 'zod';

/**
 * Whether a value that came from JSON is exactly what the schema would give for it, so that parsing it can be left out:
 * nothing missing, nothing more, nothing to convert. A "no" says nothing; the schema itself then judges.
 */
export type QuickCheck = (value: unknown) => boolean;

/** From a schema, once. What it does not know how to check is never passed. */
export function quickCheck(schema: unknown): QuickCheck {
  if (schema instanceof z.ZodString) return plain(schema, (value) => typeof value === 'string');
  if (schema instanceof z.ZodNumber) return numberCheck(schema);
  if (schema instanceof z.ZodBoolean) return (value) => typeof value === 'boolean';
  if (schema instanceof z.ZodUnknown) return () => true;
  if (schema instanceof z.ZodLiteral) return oneOf(schema.values);
  if (schema instanceof z.ZodEnum) return oneOf(schema.options);
  if (schema instanceof z.ZodOptional) return quickCheck(schema.unwrap());
  if (schema instanceof z.ZodNullable) return orNull(quickCheck(schema.unwrap()));
  if (schema instanceof z.ZodArray) return plain(schema, arrayCheck(quickCheck(schema.element)));
  if (schema instanceof z.ZodTuple) return tupleCheck(schema);
  if (schema instanceof z.ZodRecord) return recordCheck(schema);
  if (schema instanceof z.ZodObject) return plain(schema, objectCheck(schema));
  if (schema instanceof z.ZodDiscriminatedUnion) return unionCheck(schema.options, schema.def.discriminator);
  return never;
}

const never: QuickCheck = () => false;

/** A schema with checks of its own (a least length, a pattern) is left to itself. */
function plain(schema: z.ZodType, check: QuickCheck): QuickCheck {
  return (schema.def.checks?.length ?? 0) > 0 ? never : check;
}

function numberCheck(schema: z.ZodNumber): QuickCheck {
  const checks = schema.def.checks?.length ?? 0;
  if (checks === 0) return Number.isFinite;
  return schema.format === 'safeint' && checks === 1 ? Number.isSafeInteger : never;
}

function oneOf(values: Iterable<unknown>): QuickCheck {
  const known = new Set(values);
  return (value) => known.has(value);
}

function orNull(check: QuickCheck): QuickCheck {
  return (value) => value === null || check(value);
}

function arrayCheck(check: QuickCheck): QuickCheck {
  return (value) => Array.isArray(value) && value.every(check);
}

function tupleCheck({ def }: z.ZodTuple): QuickCheck {
  if (def.rest !== null) return never;
  const checks = def.items.map((item) => quickCheck(item));
  return (value) => Array.isArray(value) && value.length === checks.length && checks.every((check, i) => check(value[i]));
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordCheck({ keyType, valueType }: z.ZodRecord): QuickCheck {
  if (!(keyType instanceof z.ZodString) || (keyType.def.checks?.length ?? 0) > 0) return never;
  const check = quickCheck(valueType);
  return (value) => {
    if (!isPlainObject(value)) return false;
    for (const key in value) if (key === '__proto__' || !check(value[key])) return false;
    return true;
  };
}

function objectCheck(schema: z.ZodObject): QuickCheck {
  const { catchall } = schema.def;
  const more = catchall instanceof z.ZodUnknown;
  if (catchall && !more) return never;
  const checks = new Map<string, QuickCheck>();
  const needed: string[] = [];
  for (const [key, part] of Object.entries(schema.shape)) {
    checks.set(key, quickCheck(part));
    if (!(part instanceof z.ZodOptional)) needed.push(key);
  }
  return (value) => {
    if (!isPlainObject(value)) return false;
    for (const key in value) {
      const check = checks.get(key);
      if (check ? !check(value[key]) : !more || key === '__proto__') return false;
    }
    for (const key of needed) if (!Object.hasOwn(value, key)) return false;
    return true;
  };
}

function unionCheck(options: readonly unknown[], discriminator: string): QuickCheck {
  const checks = new Map<unknown, QuickCheck>();
  for (const option of options) {
    const tag = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
    // A union in a union, or a tag that is no literal: too much to be told quickly.
    if (!(tag instanceof z.ZodLiteral)) return never;
    const check = quickCheck(option);
    for (const value of tag.values) checks.set(value, check);
  }
  return (value) => isPlainObject(value) && checks.get(value[discriminator])?.(value) === true;
}
