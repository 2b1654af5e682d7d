import { createHmac } from 'node:crypto';
import { isObject } from './json';

/**
 * What the server hides in a thinking signature: the model and the prefix that the thinking was made under, what of it
 * was shown, and how long it was. The key is fixed so that a conversation outlives a restart of the server; it guards
 * nothing but the server's own bookkeeping.
 */
export type Seal = { readonly model: string; readonly prefix: string; readonly shown: string; readonly tokens: number };

const KEY = 'plumb wire';

export function seal(content: Seal): string {
  const body = Buffer.from(JSON.stringify(content)).toString('base64');
  return `${body}.${sign(body)}`;
}

/** The content of a signature that this server wrote; undefined when it was altered or comes from elsewhere. */
export function unseal(signature: string): Seal | undefined {
  const [body = '', mac = ''] = signature.split('.');
  if (sign(body) !== mac) return undefined;
  const value: unknown = JSON.parse(Buffer.from(body, 'base64').toString('utf8'));
  if (!isObject(value)) return undefined;
  const { model, prefix, shown, tokens } = value;
  if (typeof model !== 'string' || typeof prefix !== 'string' || typeof shown !== 'string' || typeof tokens !== 'number') return undefined;
  return { model, prefix, shown, tokens };
}

/** How many tokens the thinking behind a signature took. */
export function sealedTokens(signature: string): number | undefined {
  return unseal(signature)?.tokens;
}

function sign(body: string): string {
  return createHmac('sha256', KEY).update(body).digest('base64');
}
