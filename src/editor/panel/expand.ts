import * as vscode from 'vscode';
import { messageOf } from '../../core/errors';
import type { Documents } from '../../core/ports';
import type { Attachment, Content } from '../../protocol/blocks';

/** What a mention may put into the window; the rest the model reads by tool. */
const MAX_CHARS = 40_000;
const MAX_ENTRIES = 200;

/**
 * Turns what the user attached into what the model reads, as it stands at this moment. What can not be read is said
 * in its place: nothing is dropped in silence.
 */
async function expandAttachments(attachments: readonly Attachment[], documents: Documents): Promise<readonly Content[]> {
  return Promise.all(attachments.map((attachment) => expand(attachment, documents)));
}

/** The whole message for the model: attachments first, then what the user wrote. */
export async function contentOf(text: string, attachments: readonly Attachment[], documents: Documents): Promise<readonly Content[]> {
  const expanded = await expandAttachments(attachments, documents);
  return text.trim() ? [...expanded, { type: 'text', text }] : expanded;
}

async function expand(attachment: Attachment, documents: Documents): Promise<Content> {
  try {
    return await read(attachment, documents);
  } catch (error) {
    return block('attachment', `could not be read: ${messageOf(error)}`);
  }
}

async function read(attachment: Attachment, documents: Documents): Promise<Content> {
  switch (attachment.kind) {
    case 'file': {
      const { text } = await documents.readText(attachment.path, new AbortController().signal);
      const { from = 1, to } = attachment;
      const lines = text.split('\n').slice(from - 1, to);
      return block(`file ${attachment.path}${to ? `:${from}-${to}` : ''}`, clip(lines.join('\n')));
    }
    case 'folder': {
      const entries = await documents.list(attachment.path);
      const names = entries.slice(0, MAX_ENTRIES).map((e) => (e.kind === 'folder' ? `${e.name}/` : e.name));
      const more = entries.length > MAX_ENTRIES ? [`and ${entries.length - MAX_ENTRIES} more`] : [];
      return block(`folder ${attachment.path}`, [...names, ...more].join('\n'));
    }
    case 'symbol': {
      const { text } = await documents.readText(attachment.path, new AbortController().signal);
      const lines = text.split('\n').slice(Math.max(0, attachment.line - 3), attachment.line + 40);
      return block(`symbol ${attachment.name} at ${attachment.path}:${attachment.line}`, clip(lines.join('\n')));
    }
    case 'problems':
      return block('problems', attachment.text ?? problems(attachment.path));
    case 'selection':
      return block(`selection ${attachment.path}:${attachment.from}-${attachment.to}`, clip(attachment.text));
    case 'terminal':
      return block(`terminal ${attachment.name}`, clip(attachment.text));
    case 'text':
      return block(`pasted text ${attachment.name}`, clip(attachment.text));
    case 'image':
      return { type: 'image', mediaType: attachment.mediaType, data: attachment.data };
    default:
      return attachment satisfies never;
  }
}

function problems(path: string | undefined): string {
  const lines = vscode.languages
    .getDiagnostics()
    .filter(([uri]) => path === undefined || uri.fsPath === path)
    .flatMap(([uri, list]) =>
      list.map(
        (d) =>
          `${uri.fsPath}:${d.range.start.line + 1}:${d.range.start.character + 1} ${vscode.DiagnosticSeverity[d.severity]} ${d.message}`,
      ),
    );
  return lines.slice(0, MAX_ENTRIES).join('\n') || 'none';
}

function block(title: string, body: string): Content {
  return { type: 'text', text: `<attached ${title}>\n${body}\n</attached>` };
}

function clip(text: string): string {
  return text.length <= MAX_CHARS
    ? text
    : `${text.slice(0, MAX_CHARS)}\n[cut after ${MAX_CHARS} of ${text.length} characters: read_file shows the rest]`;
}
