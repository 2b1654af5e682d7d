import assert from 'node:assert/strict';
import type { Completion } from '../../../src/protocol/messages';
import { droppedUris, longText } from '../../../webview/composer/incoming';
import { completeMention, mentionAt } from '../../../webview/composer/mention';
import { AT_OWN, atEdge, step } from '../../../webview/composer/prompt-history';
import { createScript, eventsMessage, snapshot } from '../../support/panel-preview/script';
import { openPage, type Page, until } from './support/page';

const FILES: readonly Completion[] = [
  { label: 'till.ts', detail: 'src', icon: 'file', attachment: { kind: 'file', path: '/w/src/till.ts' } },
  { label: 'test', detail: '', icon: 'folder', attachment: { kind: 'folder', path: '/w/test' } },
];

describe('the composer', () => {
  let page: Page;
  const field = () => page.find<HTMLTextAreaElement>('.composer-text');
  beforeEach(async () => {
    page = openPage();
    await page.host(snapshot({ history: ['newest', 'older'] }));
  });
  afterEach(() => page.close());

  it('sends with Enter and empties itself; Shift+Enter does not send', async () => {
    await page.type('Fix it');
    await page.key(field(), 'Enter', { shiftKey: true });
    assert.deepEqual(page.of('send'), []);
    await page.key(field(), 'Enter');
    assert.deepEqual(page.of('send'), [{ type: 'send', session: 's1', text: 'Fix it', attachments: [] }]);
    assert.equal(field().value, '');
  });

  it('sends nothing while it is blank', async () => {
    await page.type('  \n ');
    await page.key(field(), 'Enter');
    assert.deepEqual(page.of('send'), []);
  });

  it('leaves Enter to an input method that composes', async () => {
    await page.type('\u306b');
    await page.key(field(), 'Enter', { isComposing: true });
    await page.key(field(), 'Enter', { keyCode: 229 });
    assert.deepEqual(page.of('send'), []);
  });

  it('keeps the draft with the host, and takes it back with another session', async () => {
    await page.type('half a thou');
    await until(() => page.of('draft').length > 0, 'the draft is posted');
    assert.deepEqual(page.of('draft').at(-1), { type: 'draft', session: 's1', text: 'half a thou' });
    await page.host(snapshot({ session: 's2', draft: { text: 'of the other', attachments: [] } }));
    assert.equal(field().value, 'of the other');
  });

  it('keeps what is being typed when the same session is sent again', async () => {
    await page.type('still typing');
    await page.host(snapshot({ draft: { text: 'old', attachments: [] } }));
    assert.equal(field().value, 'still typing');
  });

  it('tells the host of every letter at once, and of attachments when they change', async () => {
    await page.type('h');
    await page.type('ha');
    await page.host({ type: 'insert', text: '', attachments: [{ kind: 'problems' }], focus: false });
    await page.type('hat');
    assert.deepEqual(page.of('draft'), [
      { type: 'draft', session: 's1', text: 'h' },
      { type: 'draft', session: 's1', text: 'ha' },
      { type: 'draft', session: 's1', text: 'ha', attachments: [{ kind: 'problems' }] },
      { type: 'draft', session: 's1', text: 'hat' },
    ]);
  });

  it('gives what is typed after New session to the new one, though the host has not answered yet', async () => {
    await page.type('of the old');
    await page.click(page.button('New session'));
    assert.equal(field().value, '');
    await page.type('of the new');
    assert.deepEqual(page.of('draft').at(-1), { type: 'draft', session: null, text: 'of the new' });
    await page.host(snapshot({ draft: { text: 'of the old', attachments: [] } }));
    assert.equal(field().value, 'of the new', 'a snapshot from before the wish changes nothing');
    await page.host(snapshot({ session: null, draft: { text: 'there before,', attachments: [] } }));
    assert.equal(field().value, 'there before, of the new');
    assert.equal(page.of('draft').at(-1)?.text, 'there before, of the new');
  });

  it('takes what is typed after the first message along to the session that begins with it', async () => {
    await page.host(snapshot({ session: null }));
    await page.type('first');
    await page.key(field(), 'Enter');
    await page.type('second');
    await page.host(snapshot({ session: 's9', begun: true, draft: { text: 'first', attachments: [] } }));
    assert.equal(field().value, 'second');
    await page.type('second thought');
    assert.equal(page.of('draft').at(-1)?.session, 's9');
  });

  it('leaves the draft of a blank page there when a session with none is opened', async () => {
    await page.host(snapshot({ session: null }));
    await page.type('unsent');
    await page.host(snapshot({ session: 's2' }));
    assert.equal(field().value, '');
  });

  it('shows the draft as another page of the session has it', async () => {
    await page.type('typed here');
    const posted = page.of('draft').length;
    await page.host({ type: 'draft', session: 's1', text: 'typed there', attachments: [] });
    assert.equal(field().value, 'typed there');
    await page.host({ type: 'draft', session: 'another', text: 'not for here', attachments: [] });
    assert.equal(field().value, 'typed there');
    assert.equal(page.of('draft').length, posted, 'and does not answer it');
  });

  it('offers what @ mentions, and puts the choice into the text and beside it', async () => {
    await page.type('look at @ti');
    const asked = page.of('complete').at(-1);
    assert.equal(asked?.query, 'ti');
    await page.host({ type: 'completions', id: asked?.id ?? 0, items: FILES });
    assert.equal(page.all('.mention-row').length, 2);
    await page.key(field(), 'ArrowDown');
    await page.key(field(), 'ArrowUp');
    await page.key(field(), 'Enter');
    assert.equal(field().value, 'look at @till.ts ');
    assert.equal(page.all('.mention-row').length, 0);
    await page.key(field(), 'Enter');
    assert.deepEqual(page.of('send'), [
      { type: 'send', session: 's1', text: 'look at @till.ts ', attachments: [{ kind: 'file', path: '/w/src/till.ts' }] },
    ]);
  });

  it('shows no answer that belongs to an earlier mention, and closes with Escape', async () => {
    await page.type('@a');
    const first = page.of('complete').at(-1)?.id ?? 0;
    await page.key(field(), 'Escape');
    await page.type('@a and @b');
    await page.host({ type: 'completions', id: first, items: FILES });
    assert.equal(page.all('.mention-row').length, 0);
    await page.host({ type: 'completions', id: first + 1, items: FILES });
    assert.equal(page.all('.mention-row').length, 2);
    await page.host({ type: 'completions', id: first, items: [] });
    assert.equal(page.all('.mention-row').length, 2, 'what comes late for an earlier letter is not shown');
  });

  it('takes a removed attachment out of the message', async () => {
    await page.host({ type: 'insert', text: 'this', attachments: [{ kind: 'file', path: '/w/a.ts' }], focus: true });
    assert.equal(field().value, 'this');
    assert.equal(document.activeElement, field());
    await page.click(page.button('Remove a.ts'));
    await page.key(field(), 'Enter');
    assert.deepEqual(page.of('send')[0]?.attachments, []);
  });

  it('walks through earlier prompts and back to the own text', async () => {
    await page.type('own');
    field().setSelectionRange(0, 0);
    await page.key(field(), 'ArrowUp');
    assert.equal(field().value, 'newest');
    field().setSelectionRange(0, 0);
    await page.key(field(), 'ArrowUp');
    await page.key(field(), 'ArrowUp');
    assert.equal(field().value, 'older');
    for (let i = 0; i < 2; i++) {
      field().setSelectionRange(field().value.length, field().value.length);
      await page.key(field(), 'ArrowDown');
    }
    assert.equal(field().value, 'own');
  });

  it('stops a run, and queues what is typed during it', async () => {
    const script = createScript();
    script.add('state_changed', { workflow: { at: 'thinking', turn: 1 } });
    script.add('message_queued', { queueId: 'q1', text: 'first thought', attachments: [], content: [] });
    await page.host(eventsMessage(script.events));
    await page.click(page.button('Stop'));
    assert.equal(page.of('stop').length, 1);
    await page.type('second thought');
    await page.click(page.button('Queue this message for the next step'));
    assert.equal(page.of('send')[0]?.text, 'second thought');
    await page.click(page.button('Remove from the queue'));
    assert.deepEqual(page.of('unqueue'), [{ type: 'unqueue', queueId: 'q1' }]);
  });

  it('tells the host where the focus is', async () => {
    await page.host({ type: 'focus', target: 'composer' });
    field().blur();
    assert.deepEqual(
      page.of('focus').map((m) => m.inside),
      ['composer', 'none'],
    );
  });

  it('can only be read while another window has the session', async () => {
    await page.host(snapshot({ heldBy: 'Another window has it.' }));
    assert.equal(field().disabled, true);
    await page.key(field(), 'Enter');
    assert.deepEqual(page.of('send'), []);
  });

  it('picks mode and model from lists that explain them', async () => {
    await page.click(page.button('Mode: Ask'));
    assert.equal(page.all('[role=option]').length, 4);
    assert.match(page.text('[role=listbox]'), /Reads and plans; changes nothing/);
    await page.click(page.all('[role=option]')[3] ?? page.button('missing'));
    assert.deepEqual(page.of('set_mode'), [{ type: 'set_mode', mode: 'auto' }]);
    const denials = { inARow: 3, inAll: 3, paused: 'in_a_row' } as const;
    const before = { tasks: [], queue: [], denials, usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cost: 0 }, spend: [] };
    await page.host(snapshot({ mode: 'auto', from: 2, before }));
    await page.click(page.button('Mode: Auto, paused'));
    await page.click(page.all('[role=option]')[3] ?? page.button('missing'));
    assert.equal(page.of('set_mode').length, 2, 'a paused mode can be chosen anew');
    await page.click(page.button('Model: Claude Opus 5, at api.anthropic.com'));
    assert.match(page.text('[role=listbox]'), /\$2 in, \$10 out/);
    await page.key(page.find('[role=option]'), 'Escape');
    assert.equal(page.all('[role=listbox]').length, 0);
  });
});

describe('what comes into the composer', () => {
  it('takes what a menu added before the page was there', async () => {
    const page = openPage();
    await page.host({ type: 'insert', text: '', attachments: [{ kind: 'file', path: '/w/src/till.ts' }], focus: true });
    await page.host(snapshot({}));
    assert.match(page.text('.chips'), /till\.ts/);
    await page.close();
  });

  it('finds the mention before the caret', () => {
    assert.deepEqual(mentionAt('see @src/a', 10), { start: 4, query: 'src/a' });
    assert.deepEqual(mentionAt('@', 1), { start: 0, query: '' });
    assert.deepEqual(mentionAt('(@x', 3), { start: 1, query: 'x' });
    assert.equal(mentionAt('mail@host', 9), null);
    assert.equal(mentionAt('@a b', 4), null);
    assert.deepEqual(completeMention('see @sr now', 7, 'src/a.ts'), { text: 'see @src/a.ts now', caret: 14 });
  });

  it('takes long pastes aside, and short ones not', () => {
    assert.equal(longText('short\ntext'), null);
    assert.deepEqual(longText('x\n'.repeat(80)), { kind: 'text', name: 'Pasted text, 81 lines', text: 'x\n'.repeat(80) });
  });

  it('reads the files of a drag, and no web addresses', () => {
    const drag = (data: Record<string, string>) => droppedUris({ getData: (type: string) => data[type] ?? '' } as unknown as DataTransfer);
    assert.deepEqual(drag({ 'text/uri-list': 'file:///a\r\nvscode-remote://x/b\n# note\nhttps://evil.example' }), [
      'file:///a',
      'vscode-remote://x/b',
    ]);
    assert.deepEqual(drag({ 'application/vnd.code.uri-list': 'file:///c', 'text/uri-list': 'file:///d' }), ['file:///c']);
    assert.deepEqual(drag({}), []);
  });

  it('goes through the history only at the edges of the text', () => {
    assert.equal(atEdge('one\ntwo', 1, 1, 'older'), true);
    assert.equal(atEdge('one\ntwo', 5, 5, 'older'), false);
    assert.equal(atEdge('one\ntwo', 1, 1, 'newer'), false);
    assert.equal(atEdge('one', 0, 3, 'older'), false);
    assert.equal(step(AT_OWN, 'newer', 'own', ['a']), null);
    assert.equal(step({ at: 0, own: 'own' }, 'older', 'a', ['a']), null);
  });
});
