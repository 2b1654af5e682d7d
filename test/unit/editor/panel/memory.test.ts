import assert from 'node:assert/strict';
import { createPanelMemory, type Draft } from '../../../../src/editor/panel/memory';

const PICTURE = { kind: 'image', name: 'a.png', mediaType: 'image/png', data: 'AAAA' } as const;
const draft = (text: string, ...attachments: Draft['attachments']): Draft => ({ text, attachments });

describe('the memory of the panel', () => {
  const values = new Map<string, unknown>();
  const written: string[] = [];
  const state = {
    get: (key: string) => values.get(key),
    async update(key: string, value: unknown) {
      written.push(key);
      if (value === undefined) values.delete(key);
      else values.set(key, value);
    },
    flush: async () => {},
  };
  beforeEach(() => {
    values.clear();
    written.length = 0;
  });

  it('does not write a picture again with every letter', async () => {
    const memory = createPanelMemory(state);
    await memory.setDraft('s1', draft('l', PICTURE));
    written.length = 0;
    await memory.setDraft('s1', { text: 'lo' });
    assert.deepEqual(written, ['plumb.draft.s1']);
    assert.deepEqual(memory.draft('s1'), draft('lo', PICTURE));
  });

  it('empties exactly the draft that was sent', async () => {
    const memory = createPanelMemory(state);
    await memory.setDraft('s1', draft('first', PICTURE));
    await memory.setDraft('s2', draft('first', PICTURE));
    await memory.sent('s1', draft('first', PICTURE));
    assert.deepEqual([memory.draft('s1'), memory.draft('s2')], [draft(''), draft('first', PICTURE)]);
    await memory.setDraft('s2', draft('what was typed since'));
    await memory.sent('s2', draft('first', PICTURE));
    assert.deepEqual(memory.draft('s2'), draft('what was typed since'));
  });

  it('takes the draft of a blank page along to the session that begins there', async () => {
    const memory = createPanelMemory(state);
    await memory.setDraft(null, draft('next', PICTURE));
    await memory.begun('s1');
    assert.deepEqual([memory.draft('s1'), memory.draft(null)], [draft('next', PICTURE), draft('')]);
  });

  it('leaves no trace of a deleted session, whatever a page still says', async () => {
    const memory = createPanelMemory(state);
    await memory.setDraft('s1', draft('secret', PICTURE));
    await memory.remember('asked there');
    await memory.remember('asked elsewhere');
    await memory.forget('s1', ['asked there']);
    await memory.setDraft('s1', draft('secret again'));
    assert.deepEqual([...values], [['plumb.history', ['asked elsewhere']]]);
  });

  it('shows nothing instead of what it can not read', () => {
    values.set('plumb.draft.s1', 7);
    values.set('plumb.attached.s1', [{ kind: 'unheard of' }]);
    values.set('plumb.history', 'x');
    const memory = createPanelMemory(state);
    assert.deepEqual([memory.draft('s1'), memory.history()], [draft(''), []]);
  });
});
