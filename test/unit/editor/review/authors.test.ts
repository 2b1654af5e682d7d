import assert from 'node:assert/strict';
import type { KeptState } from '../../../../src/editor/kept-state';
import { createAuthors } from '../../../../src/editor/review/authors';

describe('the authors of pending changes', () => {
  function memory(): KeptState {
    const values = new Map<string, unknown>();
    return {
      get: (key) => values.get(key),
      async update(key, value) {
        values.set(key, structuredClone(value));
      },
      flush: async () => {},
    };
  }

  it('knows every session that changed a file, over a reload and a move', () => {
    const kept = memory();
    const first = createAuthors(kept);
    first.note('one', { path: '/w/a.ts' });
    first.note('two', { path: '/w/a.ts' });
    first.note('one', { path: '/w/sub/b.ts' });
    first.move('/w/sub', '/w/other');
    const again = createAuthors(kept);
    assert.deepEqual(again.of({ path: '/w/a.ts', left: 1 }), ['one', 'two']);
    assert.deepEqual(again.of({ path: '/w/other/b.ts', left: 1 }), ['one']);
    assert.deepEqual(again.of({ path: '/w/sub/b.ts', left: 1 }), []);
  });

  it('starts anew once everything in a file is decided, and still knows who it was when a decision is undone', () => {
    const kept = memory();
    const authors = createAuthors(kept);
    authors.note('one', { path: '/w/a.ts' });
    assert.deepEqual(authors.of({ path: '/w/a.ts', left: 0 }), ['one']);
    assert.deepEqual(authors.of({ path: '/w/a.ts', left: 0 }), ['one'], 'brought back by the undo of the editor');
    authors.note('two', { path: '/w/a.ts' });
    assert.deepEqual(authors.of({ path: '/w/a.ts', left: 0 }), ['two']);
    assert.deepEqual(createAuthors(kept).of({ path: '/w/a.ts', left: 0 }), [], 'what is decided is not kept');
  });

  it('forgets a deleted session, and names the files that only it had changed', () => {
    const kept = memory();
    const authors = createAuthors(kept);
    authors.note('one', { path: '/w/a.ts' });
    authors.note('one', { path: '/w/b.ts' });
    authors.note('two', { path: '/w/b.ts' });
    authors.note('one', { path: '/w/c.ts' });
    authors.of({ path: '/w/c.ts', left: 0 });
    assert.deepEqual(authors.alone('one'), ['/w/a.ts'], 'neither what another changed too nor what is decided');
    authors.forget('one');
    assert.deepEqual(authors.of({ path: '/w/b.ts', left: 1 }), ['two']);
    assert.ok(!JSON.stringify(kept.get('plumb.authors')).includes('one'));
  });

  it('follows a file that a session renames', () => {
    const authors = createAuthors(memory());
    authors.note('one', { path: '/w/old.ts' });
    authors.note('two', { path: '/w/new.ts', from: '/w/old.ts' });
    assert.deepEqual(authors.of({ path: '/w/new.ts', left: 0 }), ['one', 'two']);
  });
});
