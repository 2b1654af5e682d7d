import type { HostMessage, PanelMessage } from '../src/protocol/messages';

type VsCodeApi = { postMessage(message: unknown): void };
declare function acquireVsCodeApi(): VsCodeApi;

export type Post = (message: PanelMessage) => void;

/** The way to the host. May be called once a page. */
export function connect(): Post {
  const api = acquireVsCodeApi();
  return (message) => api.postMessage(message);
}

/** Longest wait for a frame: a hidden page gets none, and must not hoard messages. */
const MAX_WAIT_MS = 200;

/**
 * Collects what the host sends and hands it over once a frame, so that 500 deltas a second cost 60 renders.
 * Returns the function that stops it.
 */
export function receive(page: Window, take: (messages: readonly HostMessage[]) => void): () => void {
  let waiting: HostMessage[] = [];
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    page.cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = 0;
    const messages = waiting;
    waiting = [];
    take(messages);
  };
  const listener = (event: MessageEvent) => {
    if (!isHostMessage(event.data)) return;
    waiting.push(event.data);
    if (frame !== 0) return;
    frame = page.requestAnimationFrame(flush);
    timer = setTimeout(flush, MAX_WAIT_MS);
  };
  page.addEventListener('message', listener);
  return () => {
    page.removeEventListener('message', listener);
    page.cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/** The host is trusted and typed; this only keeps out messages that other scripts post to the window. */
function isHostMessage(data: unknown): data is HostMessage {
  return typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string';
}
