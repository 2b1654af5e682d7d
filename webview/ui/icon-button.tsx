import { Icon, type IconName } from './icon';

type Props = {
  readonly icon: IconName;
  /** What it does: shown on hover and read aloud. */
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly class?: string;
};

/** A button with a picture only, as in the editor's toolbars. */
export function IconButton({ icon, label, onClick, disabled, pressed, class: name }: Props) {
  return (
    <button
      type="button"
      class={name ? `icon-button ${name}` : 'icon-button'}
      title={label}
      aria-label={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
