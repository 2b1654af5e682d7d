import { strict as assert } from 'node:assert';
import { evaluate } from '../../../../src/core/permission/evaluate';
import type { Policy, Verdict } from '../../../../src/core/permission/verdict';
import { FAIL_CLOSED } from '../../../../src/core/tool';
import type { Mode } from '../../../../src/protocol/permission';
import { ATTACK_LINES, ATTACKS } from './attacks';
import { BENIGN } from './benign-lines';
import { assess, documents, ROOT } from './scene';

async function verdict(line: string, mode: Mode): Promise<Verdict> {
  const policy: Policy = { mode, rules: [], trusted: true, roots: [ROOT], readable: [] };
  const assessment = { ...(await assess(line)), safety: FAIL_CLOSED };
  return evaluate({ tool: 'shell', callId: 'c', inputHash: 'h' }, assessment, policy, documents);
}

describe('shell corpora', () => {
  for (const [name, lines] of Object.entries(ATTACKS)) {
    it(`asks for every attack: ${name}`, async () => {
      const passed: string[] = [];
      for (const line of lines) if ((await verdict(line, 'ask')).verdict === 'allow') passed.push(line);
      assert.deepEqual(passed, []);
    });
  }

  it('asks for nothing that only reads, plan mode included', async () => {
    const asked: string[] = [];
    for (const line of BENIGN) {
      const said = await verdict(line, 'plan');
      if (said.verdict !== 'allow') asked.push(`${line}: ${said.verdict === 'ask' ? said.why : said.reason}`);
    }
    assert.deepEqual(asked, []);
  });

  it('holds corpora of the promised size', () => {
    assert.ok(ATTACK_LINES.length >= 150);
    assert.ok(BENIGN.length >= 100);
    assert.equal(new Set(BENIGN).size, BENIGN.length);
  });
});
