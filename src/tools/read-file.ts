import { z } from 'zod';
import { ToolError } from '../core/errors';
import { clipLine, splitLines } from '../core/text/lines';
import { defineTool, type ToolContext, type ToolOutput } from '../core/tool';
import { base64, imageFacts, imageType } from './image';
import { rememberText } from './known-texts';
import { assessPaths, existingFile, shownPath } from './paths';

const DEFAULT_LIMIT = 2_000;
/** Below the size at which a result is spilled to disk: a spilled read would only have to be read again. */
const MAX_CHARS = 45_000;
const LOSSY =
  'Some bytes of it are not valid in its encoding and are shown as \uFFFD: edit_file and write_file refuse to change it, since they would lose these bytes. A shell command that works on bytes can.';
const MAX_IMAGE_BYTES = 3_700_000;
const MAX_IMAGE_SIDE = 8_000;
const MAX_SHOWN_IMAGE_CHARS = 700_000;

export const readFile = defineTool({
  name: 'read_file',
  description:
    'Read a text file as numbered lines (number, tab, text), or a PNG, JPEG, GIF or WebP image. Unsaved changes in the editor are included.',
  input: z.strictObject({
    path: z.string().min(1).describe('relative to the workspace folder, or absolute'),
    offset: z.number().int().min(1).max(1e9).optional().describe('first line, from 1'),
    limit: z.number().int().min(1).max(1e6).optional().describe(`lines, default ${DEFAULT_LIMIT}`),
  }),
  safety: { readOnly: true, concurrencySafe: true, retrySafe: true },
  summarize: ({ path, offset, limit }) => ({ title: 'Read', detail: `${path}${lineRange(offset, limit)}` }),
  assess: ({ path }, around) => assessPaths(around, 'read_only', 'reads a file', [{ path, access: 'read' }]),
  async run({ path, offset, limit }, context) {
    const { documents } = context.ports;
    const file = await existingFile(path, context);
    if (imageType(await documents.readBytes(file.path, 16, context.signal))) return readImage(path, file.path, context);

    const snapshot = await documents.readText(file.path, context.signal);
    rememberText(snapshot.hash, snapshot.text);
    const lines = splitLines(snapshot.text.replace(/^\uFEFF/, ''));
    const files = { [file.path]: snapshot.hash };
    const shown = shownPath(file.path, documents.roots());
    if (lines.length === 0) {
      return { content: `${shown} is empty.`, summary: 'Empty', files, display: { kind: 'file', path: file.path } };
    }
    const from = offset ?? 1;
    if (from > lines.length) {
      throw new ToolError(`${shown} has only ${lines.length} lines.`, `Give an offset from 1 to ${lines.length}.`);
    }
    const { text, to } = page(lines, from, limit ?? DEFAULT_LIMIT);
    const notes: string[] = [];
    if (snapshot.dirty) notes.push('It has unsaved changes in the editor, which are included.');
    if (snapshot.lossy) notes.push(LOSSY);
    if (to < lines.length) notes.push(`Lines ${from}-${to} of ${lines.length}; for more use offset: ${to + 1}.`);
    return {
      content: notes.length > 0 ? `${text}\n\n[${notes.join(' ')}]` : text,
      summary: to - from + 1 === lines.length ? `${lines.length} lines` : `Lines ${from}-${to} of ${lines.length}`,
      files,
      display: { kind: 'file', path: file.path, from, to },
    };
  },
});

function lineRange(offset: number | undefined, limit: number | undefined): string {
  if (offset === undefined && limit === undefined) return '';
  const from = offset ?? 1;
  return limit === undefined ? `:${from}-` : `:${from}-${from + limit - 1}`;
}

/** As many numbered lines as were asked for and fit into one result. */
function page(lines: readonly string[], from: number, limit: number): { readonly text: string; readonly to: number } {
  const out: string[] = [];
  let room = MAX_CHARS;
  const last = Math.min(lines.length, from + limit - 1);
  for (let n = from; n <= last; n++) {
    const row = `${n}\t${clipLine(lines[n - 1] ?? '')}`;
    room -= row.length + 1;
    if (room < 0 && out.length > 0) break;
    out.push(row);
  }
  return { text: out.join('\n'), to: from + out.length - 1 };
}

async function readImage(path: string, file: string, context: ToolContext): Promise<ToolOutput> {
  const bytes = await context.ports.documents.readBytes(file, MAX_IMAGE_BYTES + 1, context.signal);
  const smaller = 'Make a smaller copy first, if there is a program for that, and read the copy.';
  if (bytes.length > MAX_IMAGE_BYTES)
    throw new ToolError(`${path} is an image of more than ${MAX_IMAGE_BYTES / 1e6} MB, too large to look at.`, smaller);
  const facts = imageFacts(bytes);
  if (!facts)
    throw new ToolError(`${path} begins like an image but its header is damaged.`, 'Check how the file was made; it cannot be shown.');
  const { width, height, mediaType } = facts;
  if (Math.max(width, height) > MAX_IMAGE_SIDE)
    throw new ToolError(`${path} is ${width} x ${height} pixels, too large to look at.`, smaller);
  const data = base64(bytes);
  return {
    content: [
      { type: 'text', text: `${path}: ${width} x ${height} pixels` },
      { type: 'image', mediaType, data },
    ],
    summary: `Image, ${width} x ${height}`,
    display: data.length <= MAX_SHOWN_IMAGE_CHARS ? { kind: 'image', mediaType, data } : { kind: 'file', path: file },
  };
}
