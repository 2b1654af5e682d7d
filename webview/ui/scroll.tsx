import type { ComponentChildren } from 'preact';

/** A region with a scroll bar of its own. It takes the focus, so that the keyboard can scroll it too. */
export function Scroll({ class: name, label, children }: { class: string; label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: it groups text, not fields
    <div class={name} role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
