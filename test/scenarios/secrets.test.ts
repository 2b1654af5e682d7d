import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { holdEnvironment } from '../../src/core/observe/redact';
import { systemRecords } from '../../src/core/observe/system-record';
import { createAssets } from '../../src/node/assets';
import { createSearch } from '../../src/node/search';
import { createShell } from '../../src/node/shell';
import { createSystemLog } from '../../src/node/system-log';
import type { SystemRecord } from '../../src/protocol/system-log';
import { allTools } from '../../src/tools/index';
import { reply } from '../support/model-server/reply';
import type { Script } from '../support/model-server/server';
import { leakIn, PLANTED, SECRET_LINES } from '../support/planted';
import { type Harness, startHarness } from '../support/session-harness';

const modules = join(import.meta.dirname, '..', '..', 'node_modules');
const shell = createShell({ setting: '/bin/bash' });
const rules = ['shell', 'edit_file', 'write_file', 'read_file'].map((rule) => ({ effect: 'allow', rule, source: 'user' }) as const);
/** Not protected by its name, so that reading it is not asked. */
const FILE = 'settings.txt';

describe('a session that meets secrets', () => {
  let harness: Harness | undefined;
  /** What the system log is told. */
  let said: readonly SystemRecord[] = [];
  after(() => shell.dispose());
  afterEach(async () => {
    await harness?.close();
    harness = undefined;
  });

  async function start(script: Script): Promise<Harness> {
    const records: SystemRecord[] = [];
    const started = await startHarness(script, {
      tools: allTools({ kind: shell.kind, programs: [] }),
      settings: { mode: 'edit' },
      rules,
      ports: {
        shell,
        search: createSearch({ setting: '' }),
        asset: createAssets([join(modules, 'web-tree-sitter'), join(modules, 'tree-sitter-bash')]),
      },
      observe: (event) => {
        records.push(...systemRecords(event));
      },
    });
    harness = started;
    said = records;
    await writeFile(join(started.root, FILE), `PORT=1\n${SECRET_LINES}\nLAST=1\n`);
    return started;
  }

  /** The text of a mark as the model was shown it, from the request with the result. */
  function markOf(kind: string): string {
    const sent = harness?.server.requests.map((r) => r.body.toString()).join('') ?? '';
    return new RegExp(`\\[redacted: ${kind} #[0-9a-f]{4}\\]`).exec(sent)?.[0] ?? assert.fail(`no mark of a ${kind}`);
  }
  const fileNow = (h: Harness) => readFile(join(h.root, FILE), 'utf8');

  async function assertNoLeak(h: Harness): Promise<void> {
    await h.session.close();
    const store = join(h.root, '..', 'store');
    const log = createSystemLog(store, (error) => assert.fail(String(error)));
    for (const record of said) log.write(record);
    await log.flush();
    const files = (await readdir(store, { recursive: true, withFileTypes: true })).filter((f) => f.isFile());
    assert.ok(files.length > 2);
    for (const file of files) {
      const text = await readFile(join(file.parentPath, file.name), 'utf8');
      assert.equal(leakIn(text), undefined, `in ${file.name}`);
    }
    for (const request of h.server.requests) assert.equal(leakIn(request.body.toString()), undefined, 'in a request');
    for (const event of h.heard) assert.equal(leakIn(JSON.stringify(event)), undefined, `in ${event.type}`);
    const shown = h.heard.flatMap((e) => (e.type === 'delta' ? [e.text] : [])).join('');
    assert.equal(leakIn(shown), undefined, 'in the previews together');
  }

  it('keeps all of them out of the storage, the log, the output and the requests, while edits around them work', async () => {
    holdEnvironment({ SERVICE_TOKEN: 'only known by its name' });
    const h = await start([
      reply.tool('read_file', { path: FILE }),
      reply.tool('shell', { command: `cat ${FILE}; echo only known by its name` }),
      reply.tool('shell', { command: `grep -n GITHUB ${FILE}; exit 3` }),
      reply.tool('edit_file', { path: FILE, edits: [{ old_text: 'PORT=1', new_text: 'PORT=2' }] }),
      () => {
        const mark = markOf('value of a secret setting');
        return reply.tool('edit_file', {
          path: FILE,
          edits: [{ old_text: `SESSION_SECRET=${mark}`, new_text: `# kept\nSESSION_SECRET=${mark}` }],
        });
      },
      reply.text(`I will not repeat ${Object.values(PLANTED)[0]}.`),
    ]);
    const before = await fileNow(h);
    assert.equal(await h.say(`Use these:\n${SECRET_LINES}`), 'done');
    h.server.assertDone();
    assert.equal(await fileNow(h), before.replace('PORT=1', 'PORT=2').replace('SESSION_SECRET', '# kept\nSESSION_SECRET'));
    for (const result of h.events('tool_finished')) assert.notEqual(result.outcome, 'denied', result.summary);
    assert.ok(h.events('tool_finished').every((e) => !JSON.stringify(e).includes('only known by its name')));
    await assertNoLeak(h);
  });

  it('replaces a whole file and keeps its secrets in it', async () => {
    const h = await start([
      reply.tool('read_file', { path: FILE }),
      () => {
        const mark = markOf('GitHub token');
        return reply.tool('write_file', { path: FILE, content: `ONLY=${mark}\n` });
      },
      reply.text('ok'),
    ]);
    assert.equal(await h.say('go'), 'done');
    assert.equal(await fileNow(h), `ONLY=${PLANTED['GitHub token']}\n`);
    await assertNoLeak(h);
  });

  it('never writes a mark into a file, whichever way it is tried', async () => {
    const mark = '[redacted: GitHub token #0000]';
    const h = await start([
      reply.tool('read_file', { path: FILE }),
      reply.tool('edit_file', { path: FILE, edits: [{ old_text: 'PORT=1', new_text: `PORT=${mark}` }] }),
      () => reply.tool('write_file', { path: 'other.txt', content: `A=${markOf('GitHub token')}\n` }),
      () => reply.tool('shell', { command: `echo '${markOf('GitHub token')}' > third.txt` }),
      reply.text('ok'),
    ]);
    const before = await fileNow(h);
    assert.equal(await h.say('go'), 'done');
    assert.deepEqual(
      h.events('tool_finished').map((e) => e.outcome),
      ['ok', 'error', 'error', 'error'],
    );
    assert.equal(await fileNow(h), before);
    assert.deepEqual(await readdir(h.root), [FILE]);
    assert.match(JSON.stringify(h.events('tool_finished').at(-1)?.output), /ask the user/);
  });

  it('writes what the model wrote, also where that looks like a secret, and shows it redacted', async () => {
    const made = PLANTED['JSON web token'] ?? '';
    const h = await start([reply.tool('write_file', { path: 'fixture.txt', content: `${made}\n` }), reply.text('ok')]);
    assert.equal(await h.say('go'), 'done');
    assert.equal(await readFile(join(h.root, 'fixture.txt'), 'utf8'), `${made}\n`);
    await assertNoLeak(h);
  });

  it('takes an edit of such a file back byte for byte, though no copy of it holds a secret', async () => {
    const h = await start([reply.tool('edit_file', { path: FILE, edits: [{ old_text: 'PORT=1', new_text: 'PORT=2' }] }), reply.text('ok')]);
    const before = await fileNow(h);
    assert.equal(await h.say('go'), 'done');
    assert.notEqual(await fileNow(h), before);
    const to = h.events('user_message')[0]?.seq ?? 0;
    const plan = await h.session.rewinder.preview(to);
    await h.session.rewinder.rewind(to, 'files', plan);
    assert.equal(await fileNow(h), before);
    await assertNoLeak(h);
  });
});
