import type { ComponentChildren } from 'preact';
import { usePanel } from '../panel-context';
import { lengthen } from '../paths';

export type Target =
  | { readonly kind: 'web'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string; readonly line?: number };

/** Where a link of the model's may lead: a web or mail address, or a file. Anything else is no link. */
export function targetOf(href: string): Target | null {
  if (/^(https?:\/\/|mailto:)/i.test(href)) return { kind: 'web', url: href };
  if (/^[a-z][a-z0-9+.-]+:(?!\d+(?::\d+)?$)/i.test(href) && !/^[a-z]:[\\/]/i.test(href)) return null;
  if (href === '' || href.startsWith('#') || href.startsWith('//') || href.startsWith('\\\\')) return null;
  const match = /^(.*?)(?:#L(\d+).*|:(\d+)(?::\d+)?)?$/.exec(decode(href));
  const line = match?.[2] ?? match?.[3];
  return match?.[1] ? { kind: 'file', path: match[1], line: line ? Number(line) : undefined } : null;
}

/** Code that reads like a file of the project, `src/till.ts` or `till.ts:12`: what it leads to. */
export function fileIn(code: string): Extract<Target, { kind: 'file' }> | null {
  if (!/^[\w@.()[\]-]+(\/[\w@.()[\]-]+)*\.[A-Za-z]\w{0,9}(:\d+)?(:\d+)?$/.test(code)) return null;
  if (!code.includes('/') && !code.includes(':')) return null;
  const target = targetOf(code);
  return target?.kind === 'file' ? target : null;
}

/** Inline code; one that names a file opens it. */
export function Code({ text }: { text: string }) {
  const { post, roots } = usePanel();
  const file = fileIn(text);
  if (!file) return <code>{text}</code>;
  return (
    <button type="button" class="code-link" onClick={() => post({ type: 'open', path: lengthen(file.path, roots), line: file.line })}>
      <code>{text}</code>
    </button>
  );
}

function decode(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href; // A stray percent sign: the text as it stands is the path.
  }
}

/** A link that asks the host to open it; the page itself goes nowhere, and the whole address shows on hover. */
export function Link({ href, children }: { href: string; children: ComponentChildren }) {
  const { post, roots } = usePanel();
  const target = targetOf(href);
  if (!target) return <span class="dead-link">{children}</span>;
  const open = () =>
    target.kind === 'web'
      ? post({ type: 'open_link', url: target.url })
      : post({ type: 'open', path: lengthen(target.path, roots), line: target.line });
  return (
    // biome-ignore lint/a11y/useSemanticElements: an anchor with an address would let the page itself navigate
    <button type="button" role="link" class="link" title={href} onClick={open}>
      {children}
    </button>
  );
}
