import { PRIVATE_KEY, SECRET_HINT, SECRET_SHAPES, type SecretShape } from './secret-shapes';

/**
 * Whoever reads a log, a transcript, a copy or a request finds a mark with the kind of secret that stood there and never
 * its value: `[redacted: GitHub token #3f9a]`. The digits tell two secrets apart and nothing more, so that an edit of a
 * file can carry a mark, and the file gets its own secret back in that place.
 */
const MARK = /\[redacted: [A-Za-z ]+ #[0-9a-f]{4}\]/g;

/** Credentials that this process uses or has seen in their surroundings, whatever their shape: they are known by value. */
const held = new Map<string, string>();
/** Shorter ones are words (`none`, `local`) for servers that ask for no key, and would be found in any text. */
const SHORTEST_HELD = 12;
/** Seen ones that are remembered; those in use always are. */
const MOST_SEEN = 500;
const IN_USE = 'key in use';
const seen: string[] = [];

/** What each mark stands for, as far as this process has met it; never written anywhere. */
const known = new Map<string, Set<string>>();
const MOST_KNOWN = 5_000;

/** From now on this value is redacted wherever it shows up. */
export function holdSecret(value: string, kind: string = IN_USE): void {
  if (value.length < SHORTEST_HELD || held.has(value)) return;
  held.set(value, kind);
  if (kind === IN_USE) return;
  seen.push(value);
  if (seen.length > MOST_SEEN) held.delete(seen.shift() ?? '');
}

const SECRET_NAME = /(?:^|_)(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|PAT)(?:_|$)/i;

/** Holds the values that an environment keeps under the name of a secret; paths to such things are none. */
export function holdEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (value && SECRET_NAME.test(name) && !/^(?:[~./\\]|[A-Za-z]:[\\/])|^\d+$/.test(value)) holdSecret(value);
  }
}

/** The text with every secret that is held or of a known shape replaced by its mark; the same string when there is none. */
export function redact(text: string): string {
  let out = text.includes('PRIVATE KEY') ? replaced(text, PRIVATE_KEY) : text;
  for (const [secret, kind] of held) if (out.includes(secret)) out = out.replaceAll(secret, markOf(kind, secret));
  if (!SECRET_HINT.test(out)) return out;
  return SECRET_SHAPES.reduce(replaced, out);
}

function replaced(text: string, { kind, shape, bare }: SecretShape): string {
  return text.replace(shape, (whole: string, ...rest: unknown[]) => {
    const secret = groupOf(rest.at(-1)) ?? whole;
    if (secret.includes('[redacted:')) return whole;
    if (bare && isStrong(secret)) holdSecret(secret, kind);
    // A view of single lines, such as a difference, shows those of a key without its head.
    if (shape === PRIVATE_KEY.shape) for (const line of secret.match(/[A-Za-z0-9+/=]{24,}/g) ?? []) holdSecret(line, kind);
    const at = whole.lastIndexOf(secret);
    return whole.slice(0, at) + markOf(kind, secret) + whole.slice(at + secret.length);
  });
}

/** Where a value that is held may have begun at the end of a text that is still growing; the text's length when nowhere. */
export function heldBeginsAt(text: string): number {
  const end = text.slice(-4);
  if (end.length < 4) return text.length;
  let from = text.length;
  for (const secret of held.keys()) {
    const at = secret.indexOf(end);
    const begun = at < 0 ? '' : secret.slice(0, at + end.length);
    if (begun !== '' && text.endsWith(begun)) from = Math.min(from, text.length - begun.length);
  }
  return from;
}

/** Learns the secrets of a text, so that its single lines are known too. */
export function meetSecrets(text: string): void {
  if (text.includes('PRIVATE KEY')) redact(text);
}

/** True when the text holds the mark of a secret, in the form in which the model is shown it. */
export function hasMark(text: string): boolean {
  return new RegExp(MARK).test(text);
}

/**
 * Puts back what the marks in `text` stand for, as far as `file` itself holds it: a secret never comes to where it was
 * not. Null when a mark stands for nothing in the file, or for two things.
 */
export function restoreFrom(text: string, file: string): string | null {
  if (!hasMark(text)) return text;
  const marks = new Set(redact(file).match(MARK) ?? []);
  let whole = true;
  const out = text.replace(MARK, (mark) => {
    // A file that holds the very mark as its text means it.
    if (file.includes(mark)) return mark;
    const values = marks.has(mark) ? [...(known.get(mark) ?? [])].filter((value) => file.includes(value)) : [];
    if (values.length !== 1) whole = false;
    return values.length === 1 ? (values[0] ?? mark) : mark;
  });
  return whole ? out : null;
}

/** Puts back what this process knows of the marks; the others stay. For copies, whose hash tells whether it was right. */
export function restoreKnown(text: string): string {
  return text.replace(MARK, (mark) => {
    const [value, second] = [...(known.get(mark) ?? [])];
    return value !== undefined && second === undefined ? value : mark;
  });
}

function markOf(kind: string, secret: string): string {
  const mark = `[redacted: ${kind} #${digest(plain(secret))}]`;
  const values = known.get(mark) ?? new Set<string>();
  if (!/\n\s*\d+\t/.test(secret)) values.add(secret);
  known.delete(mark);
  known.set(mark, values);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value ?? '');
  return mark;
}

/** A key of several lines is the same one with line numbers before each, and with other line ends. */
function plain(secret: string): string {
  return secret.replace(/\n\s*\d+\t/g, '\n').replace(/\s+/g, '');
}

/** FNV-1a, cut short: enough to tell the secrets of a file apart, too little to find one by. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return ((hash ^ (hash >>> 16)) & 0xffff).toString(16).padStart(4, '0');
}

function isStrong(secret: string): boolean {
  return secret.length >= 16 && /\d/.test(secret) && /[A-Za-z]/.test(secret);
}

function groupOf(groups: unknown): string | undefined {
  return typeof groups === 'object' && groups !== null && 'secret' in groups && typeof groups.secret === 'string'
    ? groups.secret
    : undefined;
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
