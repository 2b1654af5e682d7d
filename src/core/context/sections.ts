import { textTokens } from './tokens';

/** A part of the system prompt. The cached ones are worked out once, when the session begins, and never again [K3]. */
export type Section =
  | { readonly cached: true; readonly name: string; readonly text: string }
  | { readonly cached: false; readonly name: string; readonly reason: string; text(): string };

/** What the report of a session says of one section. */
export type SectionReport = { readonly name: string; readonly cached: boolean; readonly tokens: number; readonly reason?: string };

/** A section that stays as it is for the whole session. An empty text leaves it out. */
export function section(name: string, text: string): Section {
  return { cached: true, name, text };
}

/**
 * A section that is worked out anew for every request. Whenever its text changes, the service reads the whole
 * conversation anew, at ten times the price: say why it cannot arrive as a notice at the tail instead.
 * @throws Error without a reason
 */
export function dangerousUncachedSection<R extends string>(name: string, reason: R extends '' ? never : R, text: () => string): Section {
  if (reason.trim() === '') throw new Error(`The uncached section ${name} breaks the cache and gives no reason for it.`);
  return { cached: false, name, reason, text };
}

/** The texts of the cached sections, in order. */
export function cachedTexts(sections: readonly Section[]): readonly string[] {
  return sections.flatMap((one) => (one.cached && one.text !== '' ? [one.text] : []));
}

/** The texts of the others, as they are now. */
export function uncachedTexts(sections: readonly Section[]): readonly string[] {
  return sections.flatMap((one) => (one.cached ? [] : [one.text()])).filter((text) => text !== '');
}

/** Every section that is there, with what it costs and, where it breaks the cache, why it may. */
export function reportSections(sections: readonly Section[]): SectionReport[] {
  return sections
    .map((one) =>
      one.cached
        ? { name: one.name, cached: true, tokens: textTokens(one.text) }
        : { name: one.name, cached: false, tokens: textTokens(one.text()), reason: one.reason },
    )
    .filter((one) => !one.cached || one.tokens > 0);
}
