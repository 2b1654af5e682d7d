import { z } from 'zod';
import { type Mode, zMode } from '../../protocol/permission';
import { below } from '../permission/paths';

/** What an agent may do at most, whatever the rules say. */
export const zCapabilities = z.strictObject({
  tools: z.array(z.string()),
  modes: z.array(zMode),
  /** Folders in which it may change things without the operator's word on that very call. */
  roots: z.array(z.string()),
});
export type Capabilities = z.infer<typeof zCapabilities>;

/** One call, as far as rights go. */
export type Use = {
  readonly tool: string;
  readonly mode: Mode;
  /** What it would change, after following links. */
  readonly writes: readonly string[];
  /** A person said yes to this call, or wrote a rule that does. */
  readonly onWord: boolean;
};

/** Why a delegated right is more than that which it is taken from; null when it is within [I4]. */
export function widens(child: Capabilities, parent: Capabilities): string | null {
  const tool = child.tools.find((one) => !parent.tools.includes(one));
  if (tool !== undefined) return `it may use ${tool}, which its parent may not`;
  const mode = child.modes.find((one) => !parent.modes.includes(one));
  if (mode !== undefined) return `it may work in ${mode} mode, which its parent may not`;
  const root = child.roots.find((one) => !isBelow(one, parent.roots));
  return root === undefined ? null : `it may change ${root}, which its parent may not`;
}

/** Why these rights do not cover a call; null when they do. */
export function refusalOf({ tools, modes, roots }: Capabilities, { tool, mode, writes, onWord }: Use): string | null {
  if (!tools.includes(tool)) return `it may not use ${tool}`;
  if (!modes.includes(mode)) return `it may not work in ${mode} mode`;
  const outside = onWord ? undefined : writes.find((path) => !isBelow(path, roots));
  return outside === undefined ? null : `it may not change ${outside} without the user's word`;
}

function isBelow(path: string, roots: readonly string[]): boolean {
  return roots.some((root) => below(path, root) !== undefined);
}
