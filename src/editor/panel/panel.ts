import type { Uri } from 'vscode';
import type { KeptState } from '../kept-state';
import { createCompletions } from './completions';
import { createPanelHost, type PanelDeps } from './host';
import { createPanelMemory } from './memory';
import { registerPanelViews } from './view';

/** The panel: what serves its pages, where they are shown, what they remember. */
export function createPanel({ kept, extension, ...deps }: Omit<PanelDeps, 'memory' | 'completions'> & { kept: KeptState; extension: Uri }) {
  const memory = createPanelMemory(kept);
  const completions = createCompletions();
  const host = createPanelHost({ ...deps, memory, completions });
  const views = registerPanelViews(host, extension);
  return { host, views, memory, disposables: [completions, host, ...views.disposables] };
}
