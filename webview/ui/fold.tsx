import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from './icon';

type Props = {
  readonly class?: string;
  readonly head: ComponentChildren;
  /** Built only while unfolded. */
  readonly body: () => ComponentChildren;
  readonly open?: boolean;
  /** Nothing to unfold: the head is a plain line. */
  readonly empty?: boolean;
  readonly label?: string;
};

/** One line that unfolds. `open` opens it until the user says otherwise. */
export function Fold({ class: name, head, body, open = false, empty = false, label }: Props) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const unfolded = !empty && (chosen ?? open);
  const box = name ? `fold ${name}` : 'fold';
  if (empty) {
    return (
      <div class={box}>
        <div class="fold-head">
          <span class="fold-space" />
          {head}
        </div>
      </div>
    );
  }
  return (
    <div class={box}>
      <button type="button" class="fold-head" aria-expanded={unfolded} aria-label={label} onClick={() => setChosen(!unfolded)}>
        <Icon name="chevron" class={unfolded ? 'twist open' : 'twist'} />
        {head}
      </button>
      {unfolded && <div class="fold-body">{body()}</div>}
    </div>
  );
}
