import { useEffect, useRef } from 'preact/hooks';

/** A one-line text field. `focus` puts the caret there when it appears, because the user asked for it. */
export function TextField(props: {
  value: string;
  label: string;
  placeholder?: string;
  focus?: boolean;
  onInput: (value: string) => void;
  onEnter?: () => void;
  onEscape?: () => void;
}) {
  const field = useRef<HTMLElement>(null);
  // The toolkit names every field "Text field" when it appears; its own name is given back.
  useEffect(() => field.current?.setAttribute('aria-label', props.label), [props.label]);
  useEffect(() => {
    if (props.focus) requestAnimationFrame(() => field.current?.focus());
  }, [props.focus]);
  return (
    <vscode-text-field
      ref={field}
      class="text-field"
      aria-label={props.label}
      placeholder={props.placeholder ?? ''}
      value={props.value}
      onInput={(event) => props.onInput(textOf(event.currentTarget))}
      onKeyDown={(event) => {
        if (event.isComposing) return;
        if (event.key === 'Enter' && props.onEnter) {
          event.preventDefault();
          event.stopPropagation();
          props.onEnter();
        } else if (event.key === 'Escape' && props.onEscape) {
          event.preventDefault();
          event.stopPropagation();
          props.onEscape();
        }
      }}
    />
  );
}

/** A text area of the editor's look that grows with its text. */
export function TextArea(props: { value: string; label: string; placeholder?: string; focus?: boolean; onInput: (value: string) => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (props.focus) field.current?.focus();
  }, [props.focus]);
  return (
    <textarea
      ref={field}
      class="text-area"
      aria-label={props.label}
      placeholder={props.placeholder}
      rows={1}
      value={props.value}
      onInput={(event) => props.onInput(event.currentTarget.value)}
    />
  );
}

function textOf(element: EventTarget): string {
  return 'value' in element && typeof element.value === 'string' ? element.value : '';
}
