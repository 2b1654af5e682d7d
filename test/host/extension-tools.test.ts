import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ToolError } from '../../src/core/errors';
import { createExtensionTools } from '../../src/editor/extension-tools';
import { fakePorts } from '../support/fakes/ports';
import { textOf, toolSession } from '../support/fakes/tool-session';
import { eventually } from './support';

describe('tools of other extensions', () => {
  const source = createExtensionTools(() => true);
  const find = (name: string) => source.tools().find((tool) => tool.name === name);
  const session = toolSession(fakePorts());

  before(() => eventually(() => assert.ok(find('ext__neighbour_weather'), `only ${vscode.lm.tools.map((t) => t.name).join(', ')}`)));

  it('are there by name, with who brings them; those of the editor itself are not', () => {
    const tool = find('ext__neighbour_weather');
    assert.equal(tool?.source, 'the extension Neighbour');
    assert.equal(tool?.loading, 'by_name');
    assert.equal(tool?.description, 'Tell the weather of a town.');
    assert.deepEqual(tool?.spec().inputSchema.required, ['town']);
    assert.deepEqual(
      source
        .tools()
        .map((t) => t.name)
        .sort(),
      ['ext__neighbour_broken', 'ext__neighbour_weather'],
    );
    assert.deepEqual(createExtensionTools(() => false).tools(), []);
    assert.equal(find('ext__neighbour_weather'), tool, 'made once');
  });

  it('run, and count as changing something', async () => {
    const tool = find('ext__neighbour_weather');
    assert.ok(tool);
    assert.equal((await session.assess(tool, { town: 'Leeds' })).class, 'mutating');
    const output = await session.run(tool, { town: 'Leeds' });
    assert.match(textOf(output), /^Rain in Leeds\.\n\{\s*"degrees":\s*7\s*\}$/);
    assert.match(await session.fail(tool, { town: 7 }), /is not valid[\s\S]*town/);
  });

  it('fail with their own words and a next step', async () => {
    const tool = find('ext__neighbour_broken');
    assert.ok(tool);
    await assert.rejects(session.run(tool, {}), (error) => {
      assert.ok(error instanceof ToolError);
      assert.match(error.message, /the sky fell down/);
      assert.match(error.next, /extension Neighbour/);
      return true;
    });
  });
});
