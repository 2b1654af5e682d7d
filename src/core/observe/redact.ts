/**
 * Secrets by their published shapes. Whoever reads a log, a transcript or a request finds the kind of secret that stood
 * there and never its value. Shapes are narrow on purpose: ordinary code and hashes must pass untouched.
 */
const SHAPES: readonly { readonly kind: string; readonly shape: RegExp }[] = [
  { kind: 'private key', shape: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|$)/g },
  { kind: 'Anthropic key', shape: /\bsk-ant-[A-Za-z0-9_-]{16,}/g },
  { kind: 'OpenAI key', shape: /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}/g },
  { kind: 'GitHub token', shape: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})/g },
  { kind: 'GitLab token', shape: /\bglpat-[A-Za-z0-9_-]{20,}/g },
  { kind: 'AWS access key', shape: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { kind: 'Google API key', shape: /\bAIza[A-Za-z0-9_-]{35}/g },
  { kind: 'Slack token', shape: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { kind: 'Stripe key', shape: /\b[rs]k_live_[A-Za-z0-9]{16,}/g },
  { kind: 'npm token', shape: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { kind: 'PyPI token', shape: /\bpypi-[A-Za-z0-9_-]{50,}/g },
  { kind: 'Hugging Face token', shape: /\bhf_[A-Za-z0-9]{30,}/g },
  { kind: 'JSON web token', shape: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g },
];

/** Cheap test before the shapes are tried: most texts hold none of these. */
const HINT = /PRIVATE KEY|sk-|gh[pousr]_|github_pat_|glpat-|AKIA|ASIA|AIza|xox|k_live_|npm_|pypi-|hf_|eyJ/;

/** Credentials that this process itself uses, whatever their shape: a server may quote one in its error, a command find it. */
const held = new Set<string>();
/** Shorter ones are words (`none`, `local`) for servers that ask for no key, and would be found in any text. */
const SHORTEST_HELD = 12;

/** From now on this value is redacted wherever it shows up. */
export function holdSecret(value: string): void {
  if (value.length >= SHORTEST_HELD) held.add(value);
}

/** The text with every secret that is held or of a known shape replaced by its kind; the same string when there is none. */
export function redact(text: string): string {
  let out = text;
  for (const secret of held) if (out.includes(secret)) out = out.replaceAll(secret, '[redacted: key in use]');
  if (!HINT.test(out)) return out;
  return SHAPES.reduce((rest, { kind, shape }) => rest.replace(shape, `[redacted: ${kind}]`), out);
}

/** Images, and thinking that the service has signed: a false alarm in what is no text would make it worthless. */
const OPAQUE: readonly unknown[] = ['image', 'thinking', 'redacted_thinking'];

/** Redacts every string of a value, at any depth; parts without a secret keep their identity. */
export function redactDeep<T>(value: T): T;
export function redactDeep(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) {
    const out = value.map((item: unknown) => redactDeep(item));
    return out.some((item, i) => item !== value[i]) ? out : value;
  }
  if (value === null || typeof value !== 'object') return value;
  if ('type' in value && OPAQUE.includes(value.type)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, redactDeep(item)]);
  const source: Record<string, unknown> = { ...value };
  return entries.some(([key, item]) => item !== source[key]) ? Object.fromEntries(entries) : value;
}
