/** Secrets to plant, put together here so that no scanner takes these files for a leak. */
const run = (length: number) => 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA'.repeat(4).slice(0, length);

const back = (length: number) => [...run(128)].reverse().join('').slice(0, length);

export const PLANTED: Readonly<Record<string, string>> = {
  'Anthropic key': `sk-ant-api03-${run(40)}`,
  'OpenAI key': `sk-proj-${run(48)}`,
  'GitHub token': `ghp_${run(36)}`,
  'GitLab token': `glpat-${run(20)}`,
  'AWS access key': `AKIA${'IOSFODNN7EXAMPLE'}`,
  'Google API key': `AIza${run(35)}`,
  'Slack token': `xoxb-${run(24)}`,
  'Stripe key': `sk_live_${run(24)}`,
  'npm token': `npm_${run(36)}`,
  'PyPI token': `pypi-${run(60)}`,
  'Hugging Face token': `hf_${run(34)}`,
  'JSON web token': `eyJ${run(20)}.eyJ${run(30)}.${run(30)}`,
  'private key': `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${back(60)}\n${back(44)}==\n-----END RSA ${'PRIVATE'} KEY-----`,
};

/** Those that only their surroundings give away: the line that they stand in, and what must not be left of it. */
export const IN_CONTEXT: readonly { readonly kind: string; readonly line: string; readonly secret: string }[] = [
  { kind: 'GitHub token', line: `GITHUB=github_pat_${run(60)}`, secret: `github_pat_${run(60)}` },
  {
    kind: 'AWS secret key',
    line: `aws_secret_access_key = ${`${run(32)}/+cD5fG7`.slice(0, 40)}`,
    secret: `${run(32)}/+cD5fG7`.slice(0, 40),
  },
  { kind: 'password', line: 'DATABASE=postgres://app:Tr0ub4dor-and-3@db.example.com:5432/shop', secret: 'Tr0ub4dor-and-3' },
  { kind: 'value of a secret setting', line: 'SESSION_SECRET=correct-h0rse-battery-staple', secret: 'correct-h0rse-battery-staple' },
  { kind: 'value of a secret setting', line: 'ADMIN_PASSWORD="Winter-is-c0ming-2031"', secret: 'Winter-is-c0ming-2031' },
];

/** All of them, as a file of settings would hold them. */
export const SECRET_LINES = [
  ...Object.entries(PLANTED).map(([, secret], i) => `V${i}=${secret}`),
  ...IN_CONTEXT.map(({ line }) => line),
].join('\n');
const ALL_SECRETS: readonly string[] = [...Object.values(PLANTED), ...IN_CONTEXT.map(({ secret }) => secret)];

/** The first secret that stands in the text, plain or as JSON spells it; for a key of several lines, one of them is enough. */
export function leakIn(text: string): string | undefined {
  return ALL_SECRETS.find((secret) =>
    secret.split('\n').some((part) => part.length >= 12 && !part.startsWith('-----') && text.includes(part)),
  );
}
