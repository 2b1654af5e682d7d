import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasMark, holdEnvironment, holdSecret, redact, redactDeep, restoreFrom } from '../../../../src/core/observe/redact';
import { createStreamRedactor } from '../../../../src/core/observe/redact-stream';
import { reply } from '../../../support/model-server/reply';
import { IN_CONTEXT, leakIn, PLANTED, SECRET_LINES } from '../../../support/planted';
import { reader } from '../../../support/sample-tools';
import { startHarness } from '../../../support/session-harness';

describe('redaction', () => {
  for (const [kind, secret] of Object.entries(PLANTED)) {
    it(`names a ${kind} and keeps what stands around it`, () => {
      assert.match(redact(`KEY="${secret}" # mine`), new RegExp(`^KEY="\\[redacted: ${kind} #[0-9a-f]{4}\\]" # mine$`));
    });
  }

  for (const { kind, line, secret } of IN_CONTEXT) {
    it(`tells a ${kind} by what stands around it: ${line.split(/[=:]/)[0]}`, () => {
      const clean = redact(`a\n${line}\nb`);
      assert.ok(!clean.includes(secret), clean);
      assert.ok(clean.includes(`[redacted: ${kind} #`), clean);
      assert.ok(clean.startsWith('a\n') && clean.endsWith('\nb'), clean);
    });
  }

  it('knows a value by itself once its surroundings gave it away', () => {
    const { line, secret } = IN_CONTEXT[1] ?? assert.fail();
    redact(line);
    assert.ok(!redact(`it is ${secret} alone`).includes(secret));
  });

  it('takes code about secrets for code', () => {
    for (const code of [
      'const API_KEY = process.env.API_KEY;',
      'const TOKEN = readToken(path);',
      'DATABASE_URL=postgres://app:<DB_PASSWORD>@db/shop',
      'ADMIN_PASSWORD=changeme',
      'export const MAX_TOKENS = 32_000;',
      'url: "https://user@example.com/path:8080"',
      'if (line.startsWith("-----BEGIN PRIVATE KEY-----")) { return parse(line); }',
      'PWD=/home/someone/project',
    ])
      assert.equal(redact(code), code);
  });

  it('holds what an environment keeps under the name of a secret, and no paths', () => {
    holdEnvironment({ MY_SERVICE_TOKEN: 'plain words as a token', SSH_KEY: '/home/someone/key', KEYBOARD: 'qwertz-layout-de' });
    assert.ok(hasMark(redact('it says plain words as a token')));
    assert.equal(redact('/home/someone/key qwertz-layout-de'), '/home/someone/key qwertz-layout-de');
  });

  it('puts back only what the file itself holds', () => {
    const file = `PORT=1\n${SECRET_LINES}\n`;
    const shown = redact(file);
    assert.equal(leakIn(shown), undefined);
    assert.equal(restoreFrom(shown, file), file);
    assert.equal(restoreFrom(shown, 'PORT=1\n'), null);
    const numbered = file
      .split('\n')
      .map((line, i) => `${i + 1}\t${line}`)
      .join('\n');
    const marks = (text: string) => text.match(/\[redacted: [^\]]+\]/g);
    assert.deepEqual(marks(redact(numbered)), marks(shown), 'numbered lines show the same marks');
  });

  it('lets no secret through a stream, however it is cut', () => {
    for (const size of [1, 2, 3, 7, 24, 100]) {
      for (const lines of [true, false]) {
        const shapes = Object.values(PLANTED).join(' then ');
        const text = `first ${shapes}\n${lines ? SECRET_LINES : ''}\nend\n`;
        const stream = createStreamRedactor(lines);
        let out = '';
        for (let at = 0; at < text.length; at += size) out += stream.push(text.slice(at, at + size));
        assert.equal(leakIn(out), undefined, `pieces of ${size}`);
        assert.ok(out.startsWith('first ') && out.endsWith('end\n'));
      }
    }
    const plain = 'Let me run **all** of `npm test` first, and see.';
    const stream = createStreamRedactor(false);
    assert.equal([...plain].map((c) => stream.push(c)).join(''), plain);
  });

  it('leaves ordinary code, hashes and ids alone, and does not copy what it does not change', () => {
    const value = {
      text: 'const risk = task - 1; // sk-learn, npm_config, eyJust',
      list: ['0'.repeat(64), 'e'.repeat(40), crypto.randomUUID()],
    };
    assert.equal(redactDeep(value), value);
  });

  it('knows the credential in use by its value, and takes no short word for one', () => {
    holdSecret('Local-Server-Key/42');
    holdSecret('local');
    assert.match(redact('bad key Local-Server-Key/42, local'), /^bad key \[redacted: key in use #[0-9a-f]{4}\], local$/);
  });

  it('leaves images and signed thinking as they are', () => {
    const chance = `AIza${'x'.repeat(35)}`;
    for (const type of ['image', 'thinking', 'redacted_thinking']) {
      const block = { type, data: chance, signature: chance, thinking: chance };
      assert.equal(redactDeep(block), block);
    }
    assert.notEqual(redact(chance), chance);
  });

  it('keeps a secret out of a result that is put on disk', async () => {
    const secret = Object.values(PLANTED)[0] ?? '';
    const tools = [reader('read', async () => `${'x\n'.repeat(20_000)}${secret}${'\nx'.repeat(20_000)}`)];
    const harness = await startHarness([reply.tool('read', { n: 1 }), reply.text('ok')], { tools });
    try {
      assert.equal(await harness.say('go'), 'done');
      const [spilled] = harness.events('tool_finished').flatMap((e) => (e.spill ? [e.spill] : []));
      assert.ok(spilled);
      assert.ok(!(await readFile(spilled, 'utf8')).includes(secret));
    } finally {
      await harness.close();
    }
  });

  it('keeps planted secrets out of every file and every request', async () => {
    const all = Object.values(PLANTED).join('\n');
    const harness = await startHarness([reply.tool('read', { n: 1 }), reply.text('ok')], { tools: [reader('read', async () => all)] });
    try {
      assert.equal(await harness.say(`Use this: ${all}`), 'done');
      await harness.session.close();
      const store = join(harness.root, '..', 'store');
      const files = await readdir(store, { recursive: true, withFileTypes: true });
      const kept = await Promise.all(files.filter((f) => f.isFile()).map((f) => readFile(join(f.parentPath, f.name), 'utf8')));
      const sent = harness.server.requests.map((r) => r.body.toString());
      for (const secret of Object.values(PLANTED)) {
        const spelled = JSON.stringify(secret).slice(1, -1);
        for (const text of [...kept, ...sent])
          assert.ok(!text.includes(secret) && !text.includes(spelled), `leaked: ${spelled.slice(0, 12)}`);
      }
      assert.match(sent.join(), /redacted: GitHub token/);
    } finally {
      await harness.close();
    }
  });
});
