import { type GlobalWindow, Window } from 'happy-dom';
import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import type { HostMessage, PanelMessage } from '../../../../src/protocol/messages';
import { App } from '../../../../webview/app';
import { BLANK, fold } from '../../../../webview/store';

const NAMES = [
  'window',
  'document',
  'navigator',
  'Node',
  'Element',
  'HTMLElement',
  'Event',
  'KeyboardEvent',
  'MessageEvent',
  'File',
  'ResizeObserver',
  'requestAnimationFrame',
  'cancelAnimationFrame',
] as const;

/**
 * The whole panel in a simulated page: `host` hands it messages, `posted` is what it said. The page's names are
 * global while it is open, so it must be closed before the next one opens.
 */
export function openPage() {
  const window = new Window({ url: 'https://panel.example' }) as unknown as GlobalWindow;
  const before = new Map<string, PropertyDescriptor | undefined>();
  for (const name of NAMES) {
    before.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    const value = name === 'window' ? window : Reflect.get(window, name);
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
  }
  const root = document.createElement('div');
  document.body.append(root);
  const posted: PanelMessage[] = [];
  const post = (message: PanelMessage) => void posted.push(message);
  let state = BLANK;
  const draw = () => render(h(App, { state, post }), root);

  const find = <E extends Element = HTMLElement>(selector: string): E => {
    const found = document.querySelector<E>(selector);
    if (!found) throw new Error(`Nothing matches ${selector} in ${document.body.innerHTML.slice(0, 2000)}`);
    return found;
  };
  const page = {
    posted,
    find,
    all: (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)],
    text: (selector: string): string => find(selector).textContent ?? '',
    /** The button, or anything else that acts as one, by what it says or is named. */
    button(name: string): HTMLElement {
      const all = [...document.querySelectorAll<HTMLElement>('button, vscode-button')];
      const found = all.find((b) => b.getAttribute('aria-label') === name || b.textContent?.trim() === name);
      if (!found)
        throw new Error(
          `No button is named ${name}; there are: ${all.map((b) => b.getAttribute('aria-label') ?? b.textContent).join(', ')}`,
        );
      return found;
    },
    of: <T extends PanelMessage['type']>(type: T) => posted.filter((m): m is Extract<PanelMessage, { type: T }> => m.type === type),
    async host(...messages: HostMessage[]): Promise<void> {
      await act(() => {
        state = messages.reduce(fold, state);
        draw();
      });
    },
    async click(element: HTMLElement): Promise<void> {
      await act(() => element.click());
    },
    async scroll(element: Element): Promise<void> {
      await act(() => void element.dispatchEvent(new Event('scroll')));
    },
    async type(text: string): Promise<void> {
      const field = find<HTMLTextAreaElement>('.composer-text');
      await page.fill(field, text);
    },
    async fill(field: HTMLTextAreaElement, text: string): Promise<void> {
      await act(() => {
        field.value = text;
        field.setSelectionRange(text.length, text.length);
        field.dispatchEvent(new Event('input', { bubbles: true }));
      });
    },
    async key(element: Element, key: string, more: KeyboardEventInit & { keyCode?: number } = {}): Promise<KeyboardEvent> {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
      if (more.keyCode !== undefined) Object.defineProperty(event, 'keyCode', { value: more.keyCode });
      await act(() => void element.dispatchEvent(event));
      return event;
    },
    async close(): Promise<void> {
      await act(() => render(null, root));
      await window.happyDOM.close();
      for (const [name, descriptor] of before) {
        if (descriptor) Object.defineProperty(globalThis, name, descriptor);
        else Reflect.deleteProperty(globalThis, name);
      }
    },
  };
  return page;
}

export type Page = ReturnType<typeof openPage>;

/** Waits until a condition holds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (condition()) return;
    await new Promise((done) => setTimeout(done, 5));
  }
  throw new Error(`It never came to this: ${what}`);
}
