import { homedir } from 'node:os';
import { repository } from '../editor-host/paths';

/**
 * What must never be in a package, found by looking into the finished one: how it came to be does not matter. A
 * source map that slipped in is how sources get out.
 */
export function checkPackage(files: ReadonlyMap<string, Buffer>, size: number): readonly string[] {
  const problems: string[] = [];
  if (size > MAX_BYTES) problems.push(`the package has ${(size / 1e6).toFixed(2)} MB, more than ${MAX_BYTES / 1e6} MB`);
  for (const [name, content] of files) {
    for (const [what, pattern] of NAMES) if (pattern.test(name)) problems.push(`${name}: ${what}`);
    if (content.includes(0) && /\.(png|wasm|woff2?|ttf|ico)$/.test(name)) continue;
    const text = content.toString('utf8');
    for (const [what, pattern] of CONTENTS) {
      const found = pattern.exec(text);
      if (found) problems.push(`${name}: ${what} ("${excerpt(found[0])}")`);
    }
  }
  return [...problems, ...missingFiles(files)];
}

const MAX_BYTES = 3_000_000;

const NAMES: readonly (readonly [string, RegExp])[] = [
  ['a source map', /\.map$/],
  ['a source', /\.(ts|tsx|mts|cts)$|^extension\/(src|webview)\//],
  ['a test', /^extension\/(test|dist-test|test-results)\/|\.test\.\w+$/],
  ['a dependency folder; everything is bundled', /(^|\/)node_modules\//],
  ['a file that holds secrets or settings of a machine', /(^|\/)(\.env(\..*)?|\.npmrc|\.netrc|id_(rsa|ed25519)|.*\.(pem|key|p12))$/],
  [
    'a file of the repository, not of the product',
    /(^|\/)(\.git|\.vscode|\.vscode-test|\.ci|biome\.json|tsconfig\.json|package-lock\.json)(\/|$)/,
  ],
];

const CONTENTS: readonly (readonly [string, RegExp])[] = [
  ['a reference to a source map', /\/[/*][#@]\s*sourceMappingURL=\S+/],
  ['an Anthropic key', /sk-ant-[A-Za-z0-9][A-Za-z0-9_-]{15,}/],
  ['an OpenAI key', /\bsk-(proj-)?[A-Za-z0-9]{32,}/],
  ['an AWS key', /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40,})/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a Slack token', /\bxox[abprs]-[A-Za-z0-9-]{20,}/],
  ['a Google key', /\bAIza[0-9A-Za-z_-]{35}\b/],
  // The header alone is what a program that reads keys looks for; with content after it, it is a key.
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----(\\n|\s)+[A-Za-z0-9+/=]{40}/],
  ['a path of the machine that built it', machinePaths()],
];

/** Home folders in general, and the two folders that this build could have leaked. */
function machinePaths(): RegExp {
  const own = [repository, homedir()]
    .filter((path) => path.length > 1)
    .map((path) => `${path.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?=[/\\\\"'\`])`);
  return new RegExp([String.raw`(?<![\w.$}~*])/(home|Users)/[a-z][\w.-]+/\w[\w.-]*`, String.raw`[A-Z]:\\+Users\\+\w+\\`, ...own].join('|'));
}

/** Every file that the manifest names, and every text that it takes from package.nls.json, must be there. */
function missingFiles(files: ReadonlyMap<string, Buffer>): readonly string[] {
  const manifest = files.get('extension/package.json');
  if (!manifest) return ['extension/package.json: missing'];
  const texts = JSON.parse(files.get('extension/package.nls.json')?.toString('utf8') ?? '{}') as Record<string, unknown>;
  const problems: string[] = [];
  for (const value of strings(JSON.parse(manifest.toString('utf8')))) {
    const key = /^%(.+)%$/.exec(value)?.[1];
    if (key && !(key in texts)) problems.push(`package.json names the text %${key}%, which package.nls.json does not have`);
    const path = /^(?:\.\/)?((?:dist|media|l10n)\/[\w./-]+\.\w+)$/.exec(value)?.[1];
    if (path && !files.has(`extension/${path}`)) problems.push(`package.json names ${path}, which is not in the package`);
  }
  return problems;
}

function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strings);
}

/** Enough to find it by, not enough to use it. */
function excerpt(found: string): string {
  return found.length > 24 ? `${found.slice(0, 12)}…` : found;
}
