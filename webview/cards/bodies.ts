import type { ComponentType } from 'preact';
import type { Display } from '../../src/protocol/display';
import type { ToolItem } from '../view-state';
import { DiffBody } from './diff';
import { FileBody } from './file';
import { GenericBody } from './generic';
import { ImageBody } from './image';
import { PlacesBody } from './places';
import { ProblemsBody } from './problems';
import { ShellBody } from './shell';

type Body = ComponentType<{ readonly item: ToolItem; readonly live: string }>;

/** What a tool's card unfolds to, by how the tool wants its result shown. */
const BODIES: Readonly<Record<Display['kind'], Body>> = {
  text: GenericBody,
  file: FileBody,
  diff: DiffBody,
  places: PlacesBody,
  problems: ProblemsBody,
  shell: ShellBody,
  image: ImageBody,
};

/** A failure shows what the tool said, whatever it was meant to look like; a running command shows its output. */
export function bodyOf(item: ToolItem): Body {
  if (item.tool === 'shell' || item.display?.kind === 'shell') return ShellBody;
  if (!item.display || item.state !== 'ok') return GenericBody;
  return BODIES[item.display.kind];
}
