import type { HTMLAttributes } from 'preact';

/** The toolkit's elements, as far as the wrappers of this folder use them. */
declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': HTMLAttributes<HTMLElement> & { appearance?: 'primary' | 'secondary'; disabled?: boolean };
      'vscode-text-field': HTMLAttributes<HTMLElement> & { value?: string; placeholder?: string };
    }
  }
}
