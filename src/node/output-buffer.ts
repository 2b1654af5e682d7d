import { safeCut } from '../core/text/lines';

/** Keeps the head and the tail of a text that may be endless, in bounded memory. */
export type OutputBuffer = {
  add(text: string): void;
  /** What was kept, with a line where something fell out. */
  text(): string;
  /** UTF-8 bytes that fell out of the middle. */
  dropped(): number;
};

/** Together enough for every log that anybody reads; only what never ends loses its middle. */
const HEAD = 6_000_000;
const TAIL = 10_000_000;

export function createOutputBuffer(head = HEAD, tail = TAIL): OutputBuffer {
  let first = '';
  /** Pieces after the head; as long as twice the tail before they are cut. */
  let rest: string[] = [];
  let restLength = 0;
  let dropped = 0;

  const cut = () => {
    const joined = rest.join('');
    const from = Math.max(0, joined.length - tail);
    const at = from > 0 && safeCut(joined, from) < from ? from + 1 : from;
    dropped += Buffer.byteLength(joined.slice(0, at));
    rest = [joined.slice(at)];
    restLength = joined.length - at;
  };

  return {
    add(text) {
      let more = text;
      if (restLength === 0 && first.length < head) {
        const room = safeCut(more, Math.min(more.length, head - first.length));
        first += more.slice(0, room);
        more = more.slice(room);
      }
      if (more === '') return;
      rest.push(more);
      restLength += more.length;
      if (restLength > tail * 2) cut();
    },
    text() {
      if (restLength > tail) cut();
      const last = rest.join('');
      return dropped === 0 ? first + last : `${first}\n[… ${dropped} bytes left out …]\n${last}`;
    },
    dropped() {
      if (restLength > tail) cut();
      return dropped;
    },
  };
}
