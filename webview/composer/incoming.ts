import type { Attachment } from '../../src/protocol/blocks';
import { plural, t } from '../strings';

/** Pasted texts longer than this become an attachment, so that the message stays readable. */
const LONG_CHARS = 4000;
const LONG_LINES = 60;
/** What the service takes for one image. */
const MAX_IMAGE_BYTES = 5_000_000;
const MAX_TEXT_BYTES = 1_000_000;

export type Taken = { readonly attachments: readonly Attachment[]; readonly problems: readonly string[] };

/** A long pasted text as an attachment; null for one that belongs into the message. */
export function longText(text: string): Attachment | null {
  const lines = text.split('\n').length;
  if (text.length < LONG_CHARS && lines < LONG_LINES) return null;
  return { kind: 'text', name: plural(lines, 'Pasted text, {0} line', 'Pasted text, {0} lines'), text };
}

/** The paths that a drag from the editor's explorer or tabs carries; empty for any other drag. */
export function droppedUris(data: DataTransfer): readonly string[] {
  const list = data.getData('application/vnd.code.uri-list') || data.getData('text/uri-list');
  const uris = list.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  return uris.filter((uri) => !/^https?:/i.test(uri));
}

/** Reads pasted or dropped files: pictures as they are, text files as text; what cannot be taken is said. */
export async function takeFiles(files: readonly File[]): Promise<Taken> {
  const attachments: Attachment[] = [];
  const problems: string[] = [];
  for (const file of files) {
    const taken = await takeFile(file);
    if (typeof taken === 'string') problems.push(taken);
    else attachments.push(taken);
  }
  return { attachments, problems };
}

async function takeFile(file: File): Promise<Attachment | string> {
  const name = file.name || t('Pasted image');
  switch (file.type) {
    case 'image/png':
    case 'image/jpeg':
    case 'image/gif':
    case 'image/webp':
      if (file.size > MAX_IMAGE_BYTES) return t('{0} is too large: an image may have up to 5 MB.', name);
      return { kind: 'image', name, mediaType: file.type, data: base64(new Uint8Array(await file.arrayBuffer())) };
    default: {
      if (file.size > MAX_TEXT_BYTES) return t('{0} is too large to attach. Put it in the workspace and mention it with @.', name);
      const text = await file.text();
      if (text.includes('\u0000')) return t('{0} is neither text nor an image in PNG, JPEG, GIF or WebP.', name);
      return { kind: 'text', name, text };
    }
  }
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  // In pieces: a call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}
