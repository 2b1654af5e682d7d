import type { ComponentChildren } from 'preact';

type Props = {
  readonly children: ComponentChildren;
  readonly onClick: () => void;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  readonly title?: string;
  readonly class?: string;
};

/** A push button of the editor's own look. At most one in a group is primary. */
export function Button({ children, onClick, primary = false, disabled = false, title, class: name }: Props) {
  return (
    <vscode-button
      class={name}
      appearance={primary ? 'primary' : 'secondary'}
      disabled={disabled}
      title={title}
      onClick={() => {
        if (!disabled) onClick();
      }}
    >
      {children}
    </vscode-button>
  );
}
