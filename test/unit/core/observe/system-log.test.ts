import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRecords } from '../../../../src/core/observe/system-record';
import { createLogTail } from '../../../../src/node/log-tail';
import { createSystemLog } from '../../../../src/node/system-log';
import type { SystemRecord } from '../../../../src/protocol/system-log';
import { reply } from '../../../support/model-server/reply';
import { reader, writer } from '../../../support/sample-tools';
import { startHarness } from '../../../support/session-harness';

const fail = (error: unknown) => assert.fail(String(error));
const CANARY = 'canary-7f3a';

describe('the system log', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumb-log-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function run(): Promise<readonly SystemRecord[]> {
    const log = createSystemLog(folder, fail);
    const harness = await startHarness(
      [reply.http(529), reply.tools([{ name: 'read', input: { n: 1 } }, { name: 'write' }]), reply.text(`${CANARY} done`)],
      {
        tools: [reader('read', async () => CANARY), writer('write')],
        rules: [{ effect: 'allow', rule: 'write', source: 'user' }],
        ports: { clock: { now: () => Date.now(), sleep: async () => {} } },
        observe: (event) => {
          for (const record of systemRecords(event)) log.write(record);
        },
      },
    );
    try {
      assert.equal(await harness.say(`say ${CANARY}`), 'done');
    } finally {
      await harness.close();
    }
    return log.read();
  }

  it('answers what happened and why, without a word of the conversation', async () => {
    const records = await run();
    const of = (kind: string) => records.filter((r) => r.kind === kind);
    assert.equal(of('session')[0]?.data.model, 'claude-opus-4-8');
    assert.match(String(of('tools')[0]?.data.names), /read write/);
    assert.equal(of('retry')[0]?.level, 'warn');
    assert.deepEqual(
      of('permission').map((r) => r.text),
      ['read: allow by its class', 'write: allow by the user rule allow write'],
    );
    assert.equal(of('request').length, 2);
    assert.ok(of('usage').every((r) => typeof r.data.cost === 'number'));
    assert.equal(of('end')[0]?.data.reason, 'done');
    for (const result of of('result')) {
      const joined = records.filter((r) => r.call === result.call).map((r) => r.kind);
      assert.ok(joined.includes('call') && joined.includes('permission'), 'each result joins its call and its permission');
    }
    const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
    assert.ok(texts.every((text) => !text.includes(CANARY)));
  });

  it('forgets a deleted session and keeps the others', async () => {
    const records = await run();
    const log = createSystemLog(folder, fail);
    log.write({ v: 1, at: 1, level: 'info', kind: 'end', session: 'other', text: 'stays', data: {} });
    await log.forget(records[0]?.session ?? '');
    assert.deepEqual(
      (await log.read()).map((r) => r.session),
      ['other'],
    );
  });

  it('is rotated by size and never grows without bound', async () => {
    const log = createSystemLog(folder, fail, 500);
    for (let n = 0; n < 50; n++) {
      log.write({ v: 1, at: n, level: 'info', kind: 'end', session: 's', text: 'x'.repeat(100), data: {} });
      await log.flush();
    }
    assert.deepEqual((await readdir(folder)).sort(), ['log.1.jsonl', 'log.2.jsonl', 'log.3.jsonl', 'log.jsonl']);
    assert.equal((await log.read()).at(-1)?.at, 49);
  });

  it('stays whole and bounded while two processes write it, and one forgets a session', async () => {
    const logs = [createSystemLog(folder, fail, 2_000), createSystemLog(folder, fail, 2_000)];
    for (let n = 0; n < 100; n++) {
      for (const [i, log] of logs.entries())
        log.write({ v: 1, at: n, level: 'info', kind: 'end', session: `s${i}`, text: 'x'.repeat(100), data: {} });
      await Promise.all(logs.map((log) => log.flush()));
    }
    const files = (await readdir(folder)).sort();
    assert.deepEqual(files, ['log.1.jsonl', 'log.2.jsonl', 'log.3.jsonl', 'log.jsonl']);
    for (const file of files) assert.ok((await readFile(join(folder, file))).length < 3_000, file);
    const kept = await logs[0]?.read();
    for (const session of ['s0', 's1']) {
      const times = kept?.filter((r) => r.session === session).map((r) => r.at) ?? [];
      assert.equal(times.at(-1), 99);
      assert.deepEqual(
        times,
        times.map((_, i) => 100 - times.length + i),
        'nothing in between is lost',
      );
    }
    await Promise.all([logs[0]?.forget('s0'), logs[1]?.forget('s1')]);
    assert.deepEqual(await logs[0]?.read(), []);
  });

  it('reads what a newer version wrote, as far as it is the same, and passes over what is none', async () => {
    const log = createSystemLog(folder, fail);
    log.write({ v: 1, at: 1, level: 'info', kind: 'end', session: 's', text: 'old', data: {} });
    await log.flush();
    await appendFile(
      join(folder, 'log.jsonl'),
      '{"v":2,"at":2,"level":"info","kind":"dream","session":"s","text":"new","data":{},"more":[1]}\n{"v":1,"torn\n',
    );
    assert.deepEqual(
      (await log.read()).map((r) => r.text),
      ['old', 'new'],
    );
  });

  it('is followed as it grows and as its files change', async () => {
    const log = createSystemLog(folder, fail, 1_000);
    const tail = createLogTail(folder);
    const write = async (n: number) => {
      log.write({ v: 1, at: n, level: 'info', kind: 'end', session: 's', text: 'x'.repeat(100), data: {} });
      await log.flush();
    };
    assert.deepEqual(await tail.look(), { anew: false, records: [] });
    const seen: number[] = [];
    for (let n = 0; n < 30; n++) {
      await write(n);
      const { anew, records } = await tail.look();
      if (anew) seen.length = 0;
      seen.push(...records.map((r) => r.at));
      assert.deepEqual(
        seen,
        (await log.read()).map((r) => r.at),
      );
    }
    await log.forget('s');
    assert.deepEqual(await tail.look(), { anew: true, records: [] });
  });

  it('tells once that it can not be written, and holds nothing up', async () => {
    const told: unknown[] = [];
    const log = createSystemLog('/dev/null/nowhere', (error) => told.push(error));
    for (let n = 0; n < 3; n++) {
      log.write({ v: 1, at: n, level: 'info', kind: 'end', session: 's', text: 'x', data: {} });
      await log.flush();
    }
    assert.equal(told.length, 1);
  });
});
