import { isObject, type JsonObject, parseObject } from './json';

/** One server-sent event; `data.type` is also the name of the event. */
export type StreamEvent = JsonObject & { readonly type: string };

/** The event as it goes over the wire. */
export function frame(event: StreamEvent, newline = '\n'): string {
  return `event: ${event.type}${newline}data: ${JSON.stringify(event)}${newline}${newline}`;
}

/** A finished block with the text that its deltas carry. */
export type Written = { readonly block: JsonObject; readonly json?: string };

/** The events of one block: start, deltas, stop. */
export function blockEvents(index: number, written: Written, pieceSize: number, eager: boolean): readonly StreamEvent[] {
  const { block } = written;
  const delta = (data: JsonObject): StreamEvent => ({ type: 'content_block_delta', index, delta: data });
  const start = (contentBlock: JsonObject): StreamEvent => ({ type: 'content_block_start', index, content_block: contentBlock });
  const stop: StreamEvent = { type: 'content_block_stop', index };

  switch (block.type) {
    case 'text': {
      const citations = Array.isArray(block.citations) ? block.citations : [];
      return [
        start({ type: 'text', text: '', citations: null }),
        ...pieces(String(block.text), pieceSize).map((text) => delta({ type: 'text_delta', text })),
        ...citations.map((citation: unknown) => delta({ type: 'citations_delta', citation })),
        stop,
      ];
    }
    case 'thinking':
      return [
        start({ type: 'thinking', thinking: '', signature: '' }),
        ...pieces(String(block.thinking), pieceSize).map((thinking) => delta({ type: 'thinking_delta', thinking })),
        delta({ type: 'signature_delta', signature: block.signature }),
        stop,
      ];
    case 'tool_use':
    case 'server_tool_use': {
      const json = written.json ?? JSON.stringify(block.input);
      const parts = json === '{}' ? [] : eager ? pieces(json, pieceSize) : keyValuePieces(json, pieceSize);
      return [
        start({ ...block, input: {} }),
        ...['', ...parts].map((part) => delta({ type: 'input_json_delta', partial_json: part })),
        stop,
      ];
    }
    case 'compaction':
      return [
        start({ type: 'compaction', content: null, encrypted_content: null }),
        delta({ type: 'compaction_delta', content: block.content, encrypted_content: block.encrypted_content }),
        stop,
      ];
    default:
      return [start(block), stop];
  }
}

/** Splits a text into pieces of about `size` characters, never inside a character. */
function pieces(text: string, size: number): readonly string[] {
  const chars = [...text];
  const count = Math.ceil(chars.length / size);
  return Array.from({ length: count }, (_, index) => chars.slice(index * size, (index + 1) * size).join(''));
}

/** The service sends one top-level key and its value at a time; input that is no object flows as text. */
function keyValuePieces(json: string, size: number): readonly string[] {
  const input = parseObject(json);
  if (!isObject(input) || JSON.stringify(input) !== json) return pieces(json, size);
  const pairs = Object.entries(input).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return pairs.map((pair, index) => `${index === 0 ? '{' : ','}${pair}${index === pairs.length - 1 ? '}' : ''}`);
}
