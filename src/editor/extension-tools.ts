import * as vscode from 'vscode';
import { messageOf, ToolError } from '../core/errors';
import { externalTool } from '../core/external-tool';
import type { Tool, ToolSource } from '../core/tool';
import { type Content, zImage } from '../protocol/blocks';

/** The chat of the editor brings tools for itself, which do what Plumb's own tools do and ask in ways of their own. */
const OF_THE_CHAT = /^github\.copilot/i;
const NAME_CHARS = 64;

/** Tools that other extensions registered with the editor, offered by name and asked for like everything else that changes something. */
export function createExtensionTools(enabled: () => boolean): ToolSource {
  const made = new Map<string, Tool>();
  return {
    tools() {
      if (!enabled()) return [];
      const owners = ownersOfTools();
      return vscode.lm.tools.flatMap((info) => {
        const owner = owners.get(info.name);
        if (owner === undefined) return [];
        const key = JSON.stringify([info.name, info.description, info.inputSchema, owner]);
        const tool = made.get(key) ?? toolOf(info, owner);
        made.set(key, tool);
        return [tool];
      });
    },
  };
}

/** Who contributes each tool, by the manifests: the list of tools does not say. */
function ownersOfTools(): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { id, packageJSON } of vscode.extensions.all) {
    const manifest: unknown = packageJSON;
    if (OF_THE_CHAT.test(id) || fieldOf(manifest, 'isBuiltin') === true) continue;
    const listed = fieldOf(fieldOf(manifest, 'contributes'), 'languageModelTools');
    const name = fieldOf(manifest, 'displayName');
    for (const entry of Array.isArray(listed) ? listed : []) {
      const tool = fieldOf(entry, 'name');
      if (typeof tool === 'string') owners.set(tool, typeof name === 'string' && name !== '' && !name.startsWith('%') ? name : id);
    }
  }
  return owners;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}

function toolOf({ name, description, inputSchema }: vscode.LanguageModelToolInformation, owner: string): Tool {
  return externalTool({
    name: `ext__${name.replace(/[^A-Za-z0-9_-]/g, '_')}`.slice(0, NAME_CHARS),
    description,
    inputSchema: inputSchema ? Object.fromEntries(Object.entries(inputSchema)) : undefined,
    source: `the extension ${owner}`,
    loading: 'by_name',
    async run(input, { signal }) {
      const cancel = new vscode.CancellationTokenSource();
      const stop = () => cancel.cancel();
      signal.addEventListener('abort', stop, { once: true });
      try {
        const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, cancel.token);
        return { content: content.map(contentOf), summary: 'Done' };
      } catch (error) {
        signal.throwIfAborted();
        throw new ToolError(
          `${name} failed: ${messageOf(error)}`,
          `It is a tool of the extension ${owner}. Check the input, or go another way.`,
        );
      } finally {
        signal.removeEventListener('abort', stop);
        cancel.dispose();
      }
    },
  });
}

function contentOf(part: unknown): Content {
  if (part instanceof vscode.LanguageModelTextPart) return { type: 'text', text: part.value };
  if (part instanceof vscode.LanguageModelDataPart) {
    const image = zImage.safeParse({ type: 'image', mediaType: part.mimeType, data: Buffer.from(part.data).toString('base64') });
    if (image.success) return image.data;
    if (/^text\/|json$/.test(part.mimeType)) return { type: 'text', text: Buffer.from(part.data).toString('utf8') };
    return { type: 'text', text: `[${part.data.length} bytes of ${part.mimeType}, which can not be shown here]` };
  }
  return { type: 'text', text: '[a part that only the chat of the editor can show]' };
}
