import assert from 'node:assert/strict';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../../../../src/core/errors';
import { verifySession } from '../../../../src/core/identity/verify';
import type { ProofFiles } from '../../../../src/core/ports/proof';
import { forkSession } from '../../../../src/core/recovery/fork';
import { stableJson } from '../../../../src/core/stable';
import { systemClock } from '../../../../src/node/clock';
import { evidenceIn } from '../../../../src/node/evidence';
import { signatureCheck } from '../../../../src/node/identity/signing';
import { sealed } from '../../../../src/node/line-sum';
import { createProofFiles } from '../../../../src/node/proof-file';
import { identityOf, makeProven, type Proven, story, write } from '../../../support/proven';

describe('a signed session', function () {
  this.timeout(20_000);
  let place: Proven;
  let events: string[];
  let proof: string[];

  before(async () => {
    place = await makeProven();
    await write(place.store, 's1', story('s1', 5));
    events = await place.lines('s1', 'events.jsonl');
    proof = await place.lines('s1', 'proof.jsonl');
  });
  after(() => place.remove());

  /** What is wrong, as `file:line kind`. */
  const found = async (
    changedEvents: readonly string[] | null,
    changedProof: readonly string[] | null = proof,
    trusted?: readonly string[],
  ) =>
    (await place.verify(changedEvents, changedProof, trusted)).problems.map(
      ({ file, line, kind }) => `${file.split('.')[0]}:${line} ${kind}`,
    );
  const without = (lines: readonly string[], ...gone: number[]) => lines.filter((_, i) => !gone.includes(i + 1));
  const swapped = (lines: readonly string[], a: number, b: number) =>
    lines.map((line, i) => (i + 1 === a ? (lines[b - 1] ?? '') : i + 1 === b ? (lines[a - 1] ?? '') : line));
  const edited = (lines: readonly string[], at: number, edit: (line: string) => string) =>
    lines.map((line, i) => (i + 1 === at ? edit(line) : line));
  /** With its checksum made anew, as somebody would who knows the format. */
  const resealed = (edit: (json: string) => string) => (line: string) => sealed(edit(`${line.slice(0, line.lastIndexOf(',"sum"'))}}`));

  it('is proven: every line, each effect by the decision that allowed it, each agent by its operator', async () => {
    const result = await place.verify(events, proof);
    assert.deepEqual(result.problems, []);
    assert.equal(result.verdict, 'proven');
    assert.deepEqual([result.events, result.covered, result.decisions, result.effects], [17, 17, 5, 5]);
    const [agent, ...more] = result.agents;
    assert.deepEqual(more, []);
    assert.equal(agent?.did, (await identityOf(7).agent('s1', 'main')).did);
    assert.equal(agent?.operator, (await identityOf(7).operator()).did);
    assert.deepEqual(agent?.capabilities.tools, ['edit_file']);
    assert.deepEqual(result.late, []);
    assert.deepEqual(await found(events, proof, [agent?.operator ?? '']), []);
  });

  it('is not, by any line of the log that was changed, with its checksum or without', async () => {
    for (let line = 2; line <= events.length; line++) {
      assert.deepEqual(
        await found(
          edited(
            events,
            line,
            resealed((json) => json.replace(/"at":1/, '"at":2')),
          ),
        ),
        [`events:${line} edited`],
      );
    }
    assert.deepEqual(await found(edited(events, 5, (line) => line.replace('Done', 'Dome'))), ['events:5 edited']);
    assert.deepEqual(await found(edited(events, 5, (line) => `${line} `)), ['events:5 edited']);
    assert.deepEqual(await found(edited(events, 5, () => 'x')), ['events:5 edited']);
    assert.deepEqual(await found(edited(events, 5, (line) => line.replace(/.(?="}$)/, (c) => (c === '0' ? '1' : '0')))), [
      'events:5 edited',
    ]);
    assert.deepEqual(
      await found(
        edited(
          events,
          5,
          resealed((json) => json.replace('{"type"', '{"seq":1,"type"')),
        ),
      ),
      ['events:5 edited'],
    );
  });

  it('is not, by its header', async () => {
    const changed = edited(events, 1, (line) => line.replace(/"createdAt":\d/, '"createdAt":9'));
    assert.deepEqual((await found(changed))[0], 'proof:1 foreign');
    assert.deepEqual(await found(edited(events, 1, (line) => line.replace('"version":2', '"version":1'))), ['events:1 edited']);
    assert.deepEqual((await found(edited(events, 1, () => '')))[0], 'events:1 edited');
  });

  it('is not, by lines of the log that were dropped, moved, doubled or put in', async () => {
    assert.deepEqual(await found(without(events, 6)), ['events:6 dropped']);
    assert.deepEqual(await found(without(events, 6, 7, 8)), ['events:6 dropped']);
    assert.deepEqual(await found(without(events, events.length)), [`events:${events.length} dropped`]);
    assert.deepEqual(await found(swapped(events, 6, 7)), ['events:7 reordered']);
    assert.deepEqual(await found([...events.slice(0, 6), ...events.slice(5)]), ['events:7 forged']);
    const last = events.at(-1) ?? '';
    const forged = resealed((json) => json.replace(/"seq":\d+/, '"seq":18').replace('The end', 'Not the end'))(last);
    assert.deepEqual(await found([...events, forged]), [`events:${events.length + 1} uncovered`]);
    const inserted = resealed((json) => json.replace(/"at":1/, '"at":2'))(events[5] ?? '');
    assert.deepEqual(await found([...events.slice(0, 5), inserted, ...events.slice(5)]), ['events:6 forged']);
  });

  it('is not, by any line of the chain that was changed, dropped, moved or doubled', async () => {
    for (let line = 1; line <= proof.length; line++) {
      const first = async (changed: readonly string[]) => (await found(events, changed))[0];
      assert.equal(await first(edited(proof, line, (text) => text.replace(/"at":1/, '"at":2'))), `proof:${line} edited`);
      if (line < proof.length) assert.equal(await first(without(proof, line)), line === 1 ? 'proof:1 dropped' : `proof:${line} dropped`);
      if (line > 1) assert.equal(await first(swapped(proof, line - 1, line)), `proof:${line - 1} reordered`);
      assert.equal(await first([...proof.slice(0, line), ...proof.slice(line - 1)]), `proof:${line + 1} forged`);
    }
    assert.deepEqual(await found(events, proof.slice(0, -1)), [`events:${events.length} uncovered`]);
    assert.deepEqual(
      await found(
        events,
        edited(proof, 3, (text) => text.replace('{', '{ ')),
      ),
      ['proof:3 edited', 'events:4 uncovered'],
    );
  });

  it('is not when both files end before a head that was noted elsewhere', async () => {
    const { head } = await place.verify(events, proof);
    const noted = [head?.hash ?? assert.fail()];
    assert.deepEqual((await place.verify(events, proof, [], noted)).problems, []);
    const cut = [events.slice(0, -1), proof.slice(0, -1)] as const;
    assert.deepEqual((await place.verify(...cut)).problems, [], 'nothing in the files themselves tells it');
    const told = (await place.verify(...cut, [], noted)).problems;
    assert.deepEqual(
      told.map(({ file, line, kind }) => [file, line, kind]),
      [['proof.jsonl', proof.length, 'dropped']],
    );
  });

  it('is not, by what is no UTF-8, or nested deeper than anything that is written', async () => {
    const folder = join(place.folder, 'copy');
    await mkdir(folder);
    await writeFile(join(folder, 'proof.jsonl'), proof.map((line) => `${line}\n`).join(''));
    const bytes = Buffer.from(events.map((line) => `${line}\n`).join(''));
    bytes[bytes.indexOf('Done: call-1')] = 0xff;
    await writeFile(join(folder, 'events.jsonl'), bytes);
    const evidence = await evidenceIn(folder);
    const result = await verifySession(evidence, { check: signatureCheck, seal: sealed, trusted: [], heads: [] });
    assert.deepEqual(
      result.problems.map(({ file, line, kind }) => [file, line, kind]),
      [['events.jsonl', 8, 'edited']],
    );
    const deep = `{"seq":3,"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    assert.deepEqual(await found(edited(events, 4, () => deep)), ['events:4 edited']);
  });

  it('is not without its chain, nor with that of another session', async () => {
    assert.deepEqual(await found(events, null), ['proof:1 missing', 'events:2 uncovered']);
    await write(place.store, 's2', story('s2', 5));
    assert.equal((await found(events, await place.lines('s2', 'proof.jsonl')))[0], 'proof:1 foreign');
    assert.equal((await found(await place.lines('s2', 'events.jsonl')))[0], 'proof:1 foreign');
    assert.deepEqual(await found(null), []);
  });

  it('is not when somebody else signs on in it, or all of it, where it is known whose word counts', async () => {
    const stranger = place.as(identityOf(9));
    await write(place.store, 's3', story('s3', 2));
    const { log } = await stranger.open('s3');
    const more = story('s3', 4).at(-2);
    assert.ok(more);
    log.append({ ...more, seq: 9 });
    await log.close();
    const [both, chain] = [await place.lines('s3', 'events.jsonl'), await place.lines('s3', 'proof.jsonl')];
    assert.match((await found(both, chain))[0] ?? '', /^proof:\d+ forged$/);
    const operators = [(await identityOf(7).operator()).did, (await identityOf(9).operator()).did];
    assert.deepEqual(await found(both, chain, operators), []);

    await write(stranger, 's4', story('s4', 2));
    const whole = [await place.lines('s4', 'events.jsonl'), await place.lines('s4', 'proof.jsonl')] as const;
    assert.deepEqual(await found(...whole), []);
    assert.equal((await found(...whole, operators.slice(0, 1)))[0], 'proof:1 forged');
  });

  it('names an effect that no decision allowed', async () => {
    const all = story('s5', 2)
      .filter((event) => event.type !== 'permission_decided')
      .map((event, i) => ({ ...event, seq: i + 1 }));
    await write(place.store, 's5', all);
    assert.deepEqual(await found(await place.lines('s5', 'events.jsonl'), await place.lines('s5', 'proof.jsonl')), [
      'proof:2 unauthorised',
      'proof:4 unauthorised',
    ]);
  });

  it('tells what a crash left unsigned when it is taken up again, and goes on with the same agent', async () => {
    const all = story('s6', 4);
    await write(place.store, 's6', all.slice(0, 7));
    const folder = join(place.folder, 'sessions', 's6');
    // Killed after a decision and an intent were written and before they were signed, in the middle of a line of each file.
    await appendFile(
      join(folder, 'events.jsonl'),
      all
        .slice(7, 9)
        .map((event) => `${sealed(JSON.stringify(event))}\n`)
        .join(''),
    );
    await appendFile(join(folder, 'events.jsonl'), '{"type":"tool_fin');
    await appendFile(join(folder, 'proof.jsonl'), '{"at":17');
    const before = await place.verify(await place.lines('s6', 'events.jsonl'), await place.lines('s6', 'proof.jsonl'));
    assert.deepEqual(
      before.problems.map(({ kind, line, what }) => [kind, line, /^Lines 9 to 10 are covered by no signature/.test(what)]),
      [['uncovered', 9, true]],
    );
    const { log } = await place.store.open('s6');
    for (const event of all.slice(9)) log.append(event);
    await log.close();
    const after = await place.verify(await place.lines('s6', 'events.jsonl'), await place.lines('s6', 'proof.jsonl'));
    assert.deepEqual(after.problems, []);
    assert.deepEqual(after.late, [{ from: 8, to: 9 }]);
    assert.equal(after.agents.length, 1);
  });

  it('says of a fork what was copied into it, and signs the rest', async () => {
    await forkSession({ store: place.store, clock: systemClock }, story('s1', 5), 8, 's7');
    const result = await place.verify(await place.lines('s7', 'events.jsonl'), await place.lines('s7', 'proof.jsonl'));
    assert.deepEqual(result.problems, []);
    assert.deepEqual(result.copied, [{ from: 1, to: 7 }]);
  });

  it('leaves nothing when it is deleted', async () => {
    await write(place.store, 's8', story('s8', 1));
    await place.store.remove('s8');
    await assert.rejects(readFile(join(place.folder, 'sessions', 's8', 'proof.jsonl')));
  });

  it('tells of a disk that refuses its chain, and is signed late once it does not', async () => {
    const all = story('s9', 3);
    const files = createProofFiles(place.folder);
    let refusals = 2;
    const failing: ProofFiles = {
      open: async (session) => {
        const file = await files.open(session);
        const append = async (lines: readonly string[]) => {
          if (refusals-- > 0) throw new StoreError('full', 'The disk is full.', 'Free some space.');
          await file.append(lines);
        };
        return { ...file, append };
      },
    };
    const log = await place.as(identityOf(7), { files: failing }).create('s9');
    for (const event of all) log.append(event);
    await assert.rejects(log.close(), StoreError);
    const again = await place.as(identityOf(7), { files: failing }).open('s9');
    again.log.append({ ...(all.at(-1) ?? assert.fail()), seq: all.length + 1 });
    await assert.rejects(again.log.close(), StoreError);
    const last = await place.as(identityOf(7), { files: failing }).open('s9');
    last.log.append({ ...(all.at(-1) ?? assert.fail()), seq: all.length + 2 });
    await last.log.close();
    const result = await place.verify(await place.lines('s9', 'events.jsonl'), await place.lines('s9', 'proof.jsonl'));
    assert.deepEqual(result.problems, []);
    assert.deepEqual(result.late, [{ from: 1, to: all.length + 1 }]);
  });

  it('holds half a surrogate pair in a tool result', async () => {
    const half = story('s10', 1).map((event) => (event.type === 'tool_finished' ? { ...event, summary: 'cut \ud83d' } : event));
    await write(place.store, 's10', half);
    assert.equal(
      (await place.lines('s10', 'events.jsonl')).some((line) => line.includes('cut \\ud83d')),
      true,
    );
    assert.deepEqual(await found(await place.lines('s10', 'events.jsonl'), await place.lines('s10', 'proof.jsonl')), []);
    assert.equal(stableJson('\ud83d'), '"\\ud83d"');
  });
});
