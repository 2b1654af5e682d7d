import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { holdSecret, redact, redactDeep } from '../../../../src/core/observe/redact';
import { reply } from '../../../support/model-server/reply';
import { reader } from '../../../support/sample-tools';
import { startHarness } from '../../../support/session-harness';

/** Put together here, so that no scanner takes this file for a leak. */
const run = (length: number) => 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA'.repeat(4).slice(0, length);
const PLANTED: Readonly<Record<string, string>> = {
  'Anthropic key': `sk-ant-api03-${run(40)}`,
  'OpenAI key': `sk-proj-${run(48)}`,
  'GitHub token': `ghp_${run(36)}`,
  'GitLab token': `glpat-${run(20)}`,
  'AWS access key': `AKIA${'IOSFODNN7EXAMPLE'}`,
  'Google API key': `AIza${run(35)}`,
  'Slack token': `xoxb-${run(24)}`,
  'Stripe key': `sk_live_${run(24)}`,
  'npm token': `npm_${run(36)}`,
  'PyPI token': `pypi-${run(60)}`,
  'Hugging Face token': `hf_${run(34)}`,
  'JSON web token': `eyJ${run(20)}.eyJ${run(30)}.${run(30)}`,
  'private key': `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${run(60)}\n-----END RSA ${'PRIVATE'} KEY-----`,
};

describe('redaction', () => {
  for (const [kind, secret] of Object.entries(PLANTED)) {
    it(`names a ${kind} and keeps what stands around it`, () => {
      assert.equal(redact(`KEY="${secret}" # mine`), `KEY="[redacted: ${kind}]" # mine`);
    });
  }

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
    assert.equal(redact('bad key Local-Server-Key/42, local'), 'bad key [redacted: key in use], local');
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
