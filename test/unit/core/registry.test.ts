import assert from 'node:assert/strict';
import { systemRecords } from '../../../src/core/observe/system-record';
import { assemblePool, type Standing } from '../../../src/core/registry';
import type { Rule } from '../../../src/protocol/permission';
import { allTools } from '../../../src/tools/index';
import { catalogue } from '../../support/catalogue';
import { fakePorts, unused } from '../../support/fakes/ports';
import { fakeShell } from '../../support/fakes/shell';
import { reply } from '../../support/model-server/reply';
import { reader, writer } from '../../support/sample-tools';
import { type Harness, type HarnessOptions, startHarness } from '../../support/session-harness';

const tools = allTools({ kind: 'bash', programs: ['git'] });
const everything = { shell: fakeShell(), symbols: unused<never>('symbols'), diagnostics: unused<never>('diagnostics') };
const deny = (rule: string, source: Rule['source'] = 'user'): Rule => ({ effect: 'deny', rule, source });

describe('the pool of tools', () => {
  const open: Harness[] = [];
  afterEach(async () => {
    for (const harness of open.splice(0)) await harness.close();
  });

  /** What a session in this workspace sends, and what it says of each tool. */
  async function poolOf(given: HarnessOptions) {
    const h = await startHarness([reply.text('ok')], { tools, ...given });
    open.push(h);
    await h.say('Hello.');
    const sent = JSON.stringify(h.server.requests[0]?.json.tools);
    const why = new Map(h.session.tools().map((one) => [one.name, one]));
    return { h, names: tools.map((t) => t.name).filter((name) => sent.includes(`"name":"${name}"`)), why };
  }
  const whyOf = ({ why }: { why: ReadonlyMap<string, Standing> }, name: string) => why.get(name)?.why ?? '(not told)';

  it('differs between four workspaces, each tool with its reason [T1]', async () => {
    const full = await poolOf({ ports: everything });
    const bare = await poolOf({});
    const strange = await poolOf({ ports: everything, trusted: false });
    const ruled = await poolOf({ ports: everything, rules: [deny('shell', 'workspace'), deny('delete_file(*)')] });

    const own = tools.filter((t) => !t.loader).map((t) => t.name);
    assert.deepEqual(full.names, own);
    assert.deepEqual(
      bare.names,
      own.filter((n) => !['shell', 'diagnostics', 'symbols'].includes(n)),
    );
    assert.ok(strange.names.every((name) => tools.find((t) => t.name === name)?.safety.readOnly));
    assert.deepEqual(
      ruled.names,
      own.filter((n) => n !== 'shell' && n !== 'delete_file'),
    );
    for (const pool of [full, bare, strange, ruled]) {
      assert.deepEqual([...pool.why.keys()], tools.map((t) => t.name).sort(), 'every tool is told of');
      for (const one of pool.why.values()) assert.ok(one.why.length > 10, one.name);
      for (const one of pool.why.values()) assert.equal(one.state === 'offered', pool.names.includes(one.name), one.name);
    }
    assert.equal(whyOf(full, 'shell'), 'it is built in, and the folder is trusted');
    assert.equal(whyOf(full, 'read_file'), 'it is built in, and it only reads');
    assert.equal(whyOf(bare, 'shell'), 'this host has no shell');
    assert.match(whyOf(strange, 'edit_file'), /the folder is not trusted/);
    assert.equal(whyOf(ruled, 'shell'), 'denied by the workspace rule shell');
    assert.equal(whyOf(ruled, 'delete_file'), 'denied by the user rule delete_file(*)');
    assert.match(whyOf(full, 'find_tools'), /nothing has to be loaded/);
  });

  it('stands in the system log with its reasons', async () => {
    const { h } = await poolOf({ rules: [deny('shell')] });
    const [started] = h.events('session_started');
    const records = started ? systemRecords(started).filter((record) => record.kind === 'tools') : [];
    assert.match(String(records[0]?.data.names), /^ask_user /);
    assert.equal(records.find((record) => record.data.tool === 'shell')?.data.why, 'denied by the user rule shell');
  });

  it('says in plan mode that its calls are let through only to read', async () => {
    const { why } = await poolOf({ settings: { mode: 'plan' } });
    assert.match(why.get('edit_file')?.why ?? '', /in plan mode only its calls that read/);
  });

  it('tells of a tool that is refused since the session began', async () => {
    const { h } = await poolOf({});
    h.rules.push(deny('grep'));
    const grep = h.session.tools().find((one) => one.name === 'grep');
    assert.equal(grep?.state, 'closed');
    assert.equal(grep?.why, 'denied by the user rule grep');
  });

  it('takes the first of two tools with one name, and is described without running anything [R2]', () => {
    const ports = fakePorts();
    const facts = { cwd: '/w', roots: ['/w'], trusted: true, mode: 'ask' as const };
    const all = [reader('look'), writer('change'), writer('look'), ...catalogue('by_name', 3)];
    const first = assemblePool({ all, ports, facts, rules: [] });
    assert.equal(first.standings.filter((one) => one.name === 'look' && one.state === 'offered').length, 1);
    assert.equal(first.standings.find((one) => one.name === 'look' && one.state === 'absent')?.why, 'another tool has this name');
    assert.equal(first.standings.find((one) => one.name === 'ext__tickets_get')?.source, 'the tickets service');
    assert.deepEqual(assemblePool({ all, ports, facts, rules: [] }).standings, first.standings);
  });
});
