import assert from 'node:assert/strict';
import { glob } from '../../../src/tools/glob';
import { grep } from '../../../src/tools/grep';
import { fakeDocuments } from '../../support/fakes/documents';
import { fakePorts } from '../../support/fakes/ports';
import { textOf, toolSession } from '../../support/fakes/tool-session';

function session(files: Record<string, string>, roots = ['/w']) {
  const documents = fakeDocuments(files, roots);
  return toolSession(fakePorts({ documents }));
}

describe('glob', () => {
  const files = { '/w/a.ts': '', '/w/src/b.ts': '', '/w/src/c.md': '' };

  it('lists paths as the model should write them', async () => {
    const output = await session(files).run(glob, { pattern: '**/*.ts' });
    assert.equal(output.content, 'a.ts\nsrc/b.ts');
    assert.equal(output.summary, '2 files');
    assert.deepEqual(output.display, {
      kind: 'places',
      places: [
        { path: '/w/a.ts', line: 1 },
        { path: '/w/src/b.ts', line: 1 },
      ],
      total: 2,
    });
  });

  it('looks in one folder when told', async () =>
    assert.equal((await session(files).run(glob, { pattern: '*', path: 'src' })).content, 'src/b.ts\nsrc/c.md'));

  it('looks in every folder of the workspace, naming the further ones', async () => {
    const { run } = session({ '/w/a.ts': '', '/lib/b.ts': '' }, ['/w', '/lib']);
    assert.equal((await run(glob, { pattern: '*.ts' })).content, 'a.ts\nlib/b.ts');
  });

  it('says when nothing matches, and how to name a bracket', async () => {
    const { run } = session(files);
    assert.equal(textOf(await run(glob, { pattern: '*.rs' })), 'No file matches *.rs in the workspace folder.');
    assert.match(textOf(await run(glob, { pattern: 'app/[id].ts' })), /No file matches.*use "app\/\\\[id\\\]\.ts"/);
  });

  it('says when the list is cut', async () => {
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`/w/f${i}.ts`, '']));
    const output = await session(many).run(glob, { pattern: '*.ts' });
    assert.match(textOf(output), /Only the first 200 are shown; there are more\. Narrow/);
    assert.equal(output.summary, '200+ files');
  });

  it('refuses what is no folder', async () => {
    const { fail } = session(files);
    assert.match(await fail(glob, { pattern: '*', path: 'a.ts' }), /not a folder\.\nGive the folder/);
    assert.match(await fail(glob, { pattern: '*', path: 'none' }), /does not exist\.\nGive an existing folder/);
  });
});

describe('grep', () => {
  const files = { '/w/a.ts': 'one\nTwo\nthree two\nfour\n', '/w/src/b.ts': 'two\n', '/w/c.md': 'two (2)\n' };

  it('groups matches by file and counts them', async () => {
    const output = await session(files).run(grep, { pattern: 'two', glob: '*.ts' });
    assert.equal(output.content, 'a.ts\n3:three two\n\nsrc/b.ts\n1:two\n\n[2 matches in 2 files]');
    assert.equal(output.summary, '2 matches in 2 files');
    assert.equal(output.display?.kind === 'places' && output.display.places[0]?.line, 3);
  });

  it('shows context, marks matches and gaps', async () => {
    const { run } = session({ '/w/a': 'x\nhit\ny\nz\nz\nq\nhit\nend\n' });
    assert.equal(
      (await run(grep, { pattern: 'hit', context: 1 })).content,
      'a\n1-x\n2:hit\n3-y\n--\n6-q\n7:hit\n8-end\n\n[2 matches in 1 file]',
    );
  });

  it('takes plain text and ignores case when told', async () => {
    const { run } = session(files);
    assert.equal((await run(grep, { pattern: '(2)', literal: true })).summary, '1 match in 1 file');
    assert.equal((await run(grep, { pattern: 'TWO', ignore_case: true })).summary, '4 matches in 3 files');
  });

  it('says when it stopped at the limit', async () => {
    const output = await session({ '/w/a': 'x\n'.repeat(10) }).run(grep, { pattern: 'x', limit: 3 });
    assert.match(textOf(output), /3:x\n\n\[The first 3 matches in 1 file; there are more\. Narrow/);
    assert.equal(output.summary, '3 matches in 1 file, and more');
  });

  it('cuts overlong lines', async () => {
    assert.ok(textOf(await session({ '/w/a': `x${'y'.repeat(10_000)}` }).run(grep, { pattern: 'x' })).length < 600);
  });

  it('gives ideas when nothing matches', async () => {
    const text = textOf(await session(files).run(grep, { pattern: 'foo('.replace('(', '\\('), glob: '*.ts' }));
    assert.match(text, /No matches\. You could try: set literal.*ignore_case.*another glob/);
  });

  it('passes on what is wrong with a pattern, and refuses missing paths', async () => {
    const { fail } = session(files);
    assert.match(await fail(grep, { pattern: '(' }), /not a regular expression\.\nEscape it/);
    assert.match(await fail(grep, { pattern: 'x', path: 'none' }), /does not exist/);
  });

  it('searches one file, and every folder of the workspace', async () => {
    assert.equal((await session(files).run(grep, { pattern: 'two', path: 'src/b.ts' })).summary, '1 match in 1 file');
    const two = session({ '/w/a': 'x', '/lib/b': 'x' }, ['/w', '/lib']);
    assert.equal((await two.run(grep, { pattern: 'x' })).content, 'a\n1:x\n\nlib/b\n1:x\n\n[2 matches in 2 files]');
  });

  it('shows nothing of files of secrets that it comes across', async () => {
    const s = session({ '/w/a.ts': 'TOKEN', '/w/.env': 'TOKEN=hunter2', '/w/.env.example': 'TOKEN=' });
    const all = textOf(await s.run(grep, { pattern: 'TOKEN' }));
    assert.doesNotMatch(all, /hunter2/);
    assert.match(all, /2 matches in 2 files.*\n\[Matches in \.env are not shown/);
    assert.match(textOf(await s.run(grep, { pattern: 'hunter2' })), /^No matches[\s\S]*\.env/);
    assert.match(textOf(await s.run(grep, { pattern: 'TOKEN', path: '.env' })), /hunter2/, 'asked for by name');
  });

  it('is judged as reading where it searches', async () => {
    const { subjects, safety } = await session(files).assess(grep, { pattern: 'x', path: '/etc' });
    assert.deepEqual(subjects[0]?.touches, [{ path: '/etc', access: 'read' }]);
    assert.ok(safety.concurrencySafe && safety.readOnly);
  });
});
