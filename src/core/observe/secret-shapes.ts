/**
 * Secrets by their published shapes. Shapes are narrow on purpose: ordinary code and hashes must pass untouched. Where a
 * shape needs its surroundings to be told, the group `secret` is the part that is one.
 */
export type SecretShape = {
  readonly kind: string;
  readonly shape: RegExp;
  /** Such a value has no shape of its own: once seen it is known by its value wherever it shows up alone. */
  readonly bare?: true;
};

/** Comes before all others, and before what is known by value: it may hold parts that look like those. */
export const PRIVATE_KEY: SecretShape = {
  kind: 'private key',
  shape: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[A-Za-z0-9+/=\s\\:,"'-]{16,}?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|$(?![\s\S]))/g,
};

export const SECRET_SHAPES: readonly SecretShape[] = [
  { kind: 'Anthropic key', shape: /\bsk-ant-[A-Za-z0-9_-]{16,}/g },
  { kind: 'OpenAI key', shape: /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}/g },
  { kind: 'GitHub token', shape: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})/g },
  { kind: 'GitLab token', shape: /\bglpat-[A-Za-z0-9_-]{20,}/g },
  {
    kind: 'AWS secret key',
    shape: /secret_?access_?key["']?\s{0,3}[:=]\s{0,3}["']?(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    bare: true,
  },
  {
    kind: 'AWS secret key',
    shape: /(?:AKIA|ASIA)[A-Z0-9]{16}[\s,:;|"']{1,8}(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/g,
    bare: true,
  },
  { kind: 'AWS access key', shape: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { kind: 'Google API key', shape: /\bAIza[A-Za-z0-9_-]{35}/g },
  { kind: 'Slack token', shape: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { kind: 'Stripe key', shape: /\b(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,}/g },
  { kind: 'npm token', shape: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { kind: 'PyPI token', shape: /\bpypi-[A-Za-z0-9_-]{50,}/g },
  { kind: 'Hugging Face token', shape: /\bhf_[A-Za-z0-9]{30,}/g },
  { kind: 'JSON web token', shape: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g },
  // A template (`${PASSWORD}`, `<password>`, `%s`) is no password.
  { kind: 'password', shape: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/"'<>]*:(?<secret>(?![$%{<*[])[^\s@/"'<>]{3,})@/gi, bare: true },
  {
    kind: 'value of a secret setting',
    shape:
      /(?<![A-Za-z0-9_$])(?:[A-Z][A-Z0-9]*_){0,6}(?:API_?KEY|ACCESS_?KEY|SECRET(?:_KEY)?(?:_BASE)?|PRIVATE_KEY|ENCRYPTION_KEY|SIGNING_KEY|AUTH_KEY|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?)(?:=| ?[=:] ?(?=["']))["']?(?<secret>(?!\/|[A-Za-z_]+\.[A-Za-z_]|\w+\(|(?:true|false|null|none|undefined|change|example|placeholder|your|xxx|todo)\w*)[A-Za-z0-9+/=_.~!@#%^&*:-]{8,})/g,
    bare: true,
  },
];

/** Cheap test before the shapes are tried: most texts hold none of these. */
export const SECRET_HINT =
  /PRIVATE KEY|sk-|gh[pousr]_|github_pat_|glpat-|AKIA|ASIA|AIza|xox|k_live_|k_test_|whsec_|npm_|pypi-|hf_|eyJ|:\/\/[^\s/]*@|secret_?access_?key|(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|BASE|CREDENTIALS?) ?[=:]/i;

/** How a secret may begin: what a stream has not shown to the end is held back from here on. */
export const SECRET_STARTS: readonly string[] = [
  'sk-',
  'ghp_',
  'gho_',
  'ghu_',
  'ghs_',
  'ghr_',
  'github_pat_',
  'glpat-',
  'AKIA',
  'ASIA',
  'AIza',
  'xox',
  'sk_live_',
  'rk_live_',
  'sk_test_',
  'rk_test_',
  'whsec_',
  'npm_',
  'pypi-',
  'hf_',
  'eyJ',
  '-----BEGIN',
];
