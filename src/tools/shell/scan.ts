import { guardWrite } from '../../core/permission/protected';
import type { Touch } from '../../core/tool';
import { critical } from './critical';
import { deletesInCode, destruction } from './destructive';
import { destroysData } from './destructive-services';
import { pathsOf, type Scene } from './scene';

/**
 * A rough look at a line that could not be read: quotes and escapes are dropped and every separator splits. It finds too
 * much rather than too little, which is right for a line that is asked in any case: it only tells how bad it could be.
 */
export type Scan = { readonly destroys?: string; readonly critical?: string; readonly touches: readonly Touch[] };

const MOST = 120_000;

export function scan(source: string, scene: Scene): Scan {
  const plain = (scene.backslashes ? source.replaceAll('\\', '/') : source)
    .slice(0, MOST)
    .replace(/\$'((?:[^'\\]|\\.)*)'/g, (_, text: string) => unescaped(text))
    .replace(/\$\{?IFS\}?/g, ' ')
    .replace(/\$\{(\w+)[^}\s]{0,80}\}/g, '$$$1')
    .replace(/\\\n/g, ' ')
    .replace(/["'\\]/g, '')
    .replace(/(^|[\s;&|(])=(?=[a-z])/g, '$1')
    .replace(scene.backslashes ? /\^|(?<![\w.])@|\bif (?:not )?exist \S+/gi : /(?!)/g, '');
  let destroys: string | undefined;
  let always = forkBomb(plain) ?? download(plain);
  if (/::Delete\(|\.(?:Delete|Kill|Clear)\(|-Method\s+Delete\b/i.test(source)) destroys = 'It deletes something by a method.';
  if (scene.backslashes && /\btype\s+nul\s*>(?!>)/i.test(source)) destroys = 'It empties a file.';
  // Statements and code that reach a client or an interpreter by a here-document or a pipe.
  if (CLIENTS.test(plain) && destroysData(plain)) destroys = 'It deletes data of a database.';
  if (INTERPRETERS.test(plain) && deletesInCode(source)) destroys = 'The code in it deletes or empties files.';
  for (const chunk of new Set(plain.split(/[;&|\n(){}`<>]+/))) {
    const words = chunk.trim().split(/\s+/).filter(Boolean).slice(0, 400);
    for (const start of starts(words)) {
      const part = words.slice(start);
      destroys ??= destruction(part);
      always ??= critical(part, scene);
    }
    if (destroys && always) break;
  }
  return { ...(destroys ? { destroys } : {}), ...(always ? { critical: always } : {}), touches: guarded(plain, scene) };
}

const CLIENTS = /\b(?:psql|mysql|mariadb|sqlite3?|duckdb|clickhouse-client|sqlcmd|cqlsh|mongosh?|invoke-sqlcmd)\b/i;
const INTERPRETERS = /\b(?:python[\d.]*|node|ruby|perl|php|deno|bun)\b/;

const BEFORE =
  /^(?:sudo|doas|noglob|nocorrect|iex|invoke-expression|call|start|\/[bckqs]|-command|-argumentlist|-scriptblock|--|env|xargs|exec|-exec|-execdir|time|nohup|nice|timeout|then|else|do|if|while|until|!|-c|-ic|-lc|command|builtin|eval|setsid|\w+=\S*|-[a-zA-Z0-9]+|\d+[smh]?)$/i;

/** Where a command may begin among these words: at the first one, and after words that run what follows. */
function starts(words: readonly string[]): readonly number[] {
  const found = [0];
  for (let i = 1; i < words.length && i < 60; i++) if (BEFORE.test(words[i - 1] ?? '')) found.push(i);
  return found;
}

function forkBomb(plain: string): string | undefined {
  return /([\w:.]+)\s{0,4}\(\)\s{0,4}\{[^}]{0,60}\|[^}]{0,20}&/.test(plain.slice(0, 4000))
    ? 'It starts copies of itself without end. This is always asked.'
    : undefined;
}

function download(plain: string): string | undefined {
  const runs = /\b(?:curl|wget|iwr|irm|Invoke-WebRequest)\b[^\n;]{0,400}\|\s{0,4}(?:sudo\s{1,4})?(?:(?:ba|z|da)?sh|iex)\b/i.test(plain);
  const evaluates =
    /\b(?:eval|source|bash|sh|zsh|iex|Invoke-Expression)\b[^\n;|]{0,40}(?:\$\(|<\(|`|\()\s{0,4}(?:curl|wget|iwr|irm|New-Object Net\.WebClient)\b/i.test(
      plain,
    );
  return runs || evaluates ? 'It runs what it has just downloaded, unseen. This is always asked.' : undefined;
}

/** Words that name protected paths: what the line does with them is not known, so they count as written. */
function guarded(plain: string, scene: Scene): readonly Touch[] {
  const words = new Set(plain.split(/[\s;&|(){}`<>=,:]+/).filter((word) => word.length > 1 && word.length < 1000 && /[./]/.test(word)));
  return [...words]
    .slice(0, 3000)
    .flatMap((word) => pathsOf(word.replace(/^\$\w+\//, './'), word.startsWith('~/'), scene))
    .filter((path) => guardWrite(path, scene.roots) !== undefined)
    .slice(0, 20)
    .map((path) => ({ path, access: 'write' }));
}

function unescaped(text: string): string {
  return text
    .replace(/\\x([0-9a-fA-F]{1,2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\([0-7]{1,3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\[nrt]/g, ' ');
}
