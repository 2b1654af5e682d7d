/** Where the model is and how to prove who asks: settled once by a composition root, from what the user configured. */
export type ModelConnection =
  | { readonly kind: 'service'; readonly baseUrl?: string; readonly apiKey?: string; readonly authToken?: string }
  | { readonly kind: 'none' };

export type ConnectionSources = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From the editor's secret storage. */
  readonly storedKey?: string;
  /** The setting `plumb.baseUrl`; empty means not set. */
  readonly settingBaseUrl?: string;
};

/**
 * The environment wins over what is stored, a key over a token. An address without a key is a connection too: local
 * servers ask for none. Neither key nor address means that nothing is connected.
 */
export function connectionFrom({ env, storedKey, settingBaseUrl }: ConnectionSources): ModelConnection {
  const baseUrl = given(env.ANTHROPIC_BASE_URL) ?? given(settingBaseUrl);
  const where = baseUrl === undefined ? {} : { baseUrl };
  const envKey = given(env.ANTHROPIC_API_KEY);
  if (envKey !== undefined) return { kind: 'service', ...where, apiKey: envKey };
  const authToken = given(env.ANTHROPIC_AUTH_TOKEN);
  if (authToken !== undefined) return { kind: 'service', ...where, authToken };
  const apiKey = given(storedKey);
  if (apiKey !== undefined) return { kind: 'service', ...where, apiKey };
  return baseUrl === undefined ? { kind: 'none' } : { kind: 'service', baseUrl };
}

/** The address as the SDK wants it: people paste it with `/v1`, or with the whole path, as other tools ask for it. */
export function normaliseBaseUrl(url: string): string {
  return url
    .trim()
    .replace(/\/+$/, '')
    .replace(/\/v1(\/messages)?$/, '')
    .replace(/\/+$/, '');
}

/** Host and port for messages and for the panel: never the user info that an address may carry. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the given address';
}

function given(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed ? trimmed : undefined;
}
