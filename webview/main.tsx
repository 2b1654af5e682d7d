import { signal } from '@preact/signals';
import { render } from 'preact';
import { App } from './app';
import { connect, receive } from './bridge';
import { BLANK, fold } from './store';
import { setStrings } from './strings';
import './styles/index.css';
import { registerToolkit } from './ui/toolkit';

registerToolkit();
const post = connect();
const state = signal(BLANK);

receive(window, (messages) => {
  const next = messages.reduce(fold, state.peek());
  if (next.strings !== state.peek().strings) setStrings(next.strings);
  // Something went missing on the way: ask for everything again, once.
  if (next.stale && !state.peek().stale) post({ type: 'ready' });
  state.value = next;
});

function Root() {
  return <App state={state.value} post={post} />;
}

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element with the id root.');
render(<Root />, root);
post({ type: 'ready' });
