import { render } from 'preact';
import type { LogHostMessage, LogViewMessage } from '../../src/protocol/log-view';
import type { LogFilter } from '../../src/protocol/system-log';
import { LogApp } from './app';
import './log.css';

type VsCodeApi = { postMessage(message: LogViewMessage): void; getState(): unknown; setState(state: LogFilter): void };
declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();
const root = document.getElementById('root');
if (!root) throw new Error('The page has no element with the id root.');

/** The host is trusted and typed; this only keeps out messages that other scripts post to the window. */
function isHostMessage(data: unknown): data is LogHostMessage {
  return typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string';
}

render(
  <LogApp
    saved={api.getState()}
    save={(filter) => api.setState(filter)}
    post={(message) => api.postMessage(message)}
    listen={(take) => {
      const listener = (event: MessageEvent) => {
        if (isHostMessage(event.data)) take(event.data);
      };
      window.addEventListener('message', listener);
      return () => window.removeEventListener('message', listener);
    }}
  />,
  root,
);
