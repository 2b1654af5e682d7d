import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export type MenuRow = { readonly id: string; readonly label: string; readonly detail: string };

type Props = {
  readonly label: string;
  readonly rows: readonly MenuRow[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
  readonly children: ComponentChildren;
  readonly disabled?: boolean;
  readonly class?: string;
};

/** A button that opens a list of choices above itself, driven by mouse or arrow keys. */
export function Menu({ label, rows, chosen, onChoose, children, disabled, class: name }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const options = optionsOf(box.current);
    (options.find((o) => o.getAttribute('aria-selected') === 'true') ?? options[0])?.focus();
    const away = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const options = optionsOf(box.current);
      const at = options.findIndex((o) => o.matches(':focus'));
      options.at((at + step) % options.length)?.focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === 'Tab') setOpen(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the list inside
    <div class={name ? `menu ${name}` : 'menu'} ref={box} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="menu-button"
        ref={button}
        title={label}
        aria-label={label}
        aria-haspopup="listbox"
        aria-expanded={open}
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && (
        <div class="menu-list" role="listbox" aria-label={label}>
          {rows.map((row) => (
            <button
              type="button"
              role="option"
              key={row.id}
              class="menu-row"
              aria-selected={row.id === chosen}
              onClick={() => {
                close();
                if (row.id !== chosen) onChoose(row.id);
              }}
            >
              <span class="menu-label">{row.label}</span>
              {row.detail && <span class="menu-detail">{row.detail}</span>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function optionsOf(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>('[role=option]') ?? [])];
}
