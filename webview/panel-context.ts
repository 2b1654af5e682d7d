import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Post } from './bridge';
import { shorten } from './paths';

/** What any part of the page may need: the way to the host and how paths are shown. Changes only with the workspace. */
export type Panel = {
  readonly post: Post;
  readonly roots: readonly string[];
  /** Another window writes this session: everything that would act is off. */
  readonly readOnly: boolean;
  short(text: string): string;
  /** Opens the view of what is in the window. */
  showContext(): void;
};

export function panelOf(post: Post, roots: readonly string[], readOnly: boolean, showContext: () => void = () => undefined): Panel {
  return { post, roots, readOnly, short: (text) => shorten(text, roots), showContext };
}

export const PanelContext = createContext<Panel>(panelOf(() => undefined, [], false));

export function usePanel(): Panel {
  return useContext(PanelContext);
}
