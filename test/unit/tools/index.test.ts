import assert from 'node:assert/strict';
import { allTools } from '../../../src/tools/index';
import { fakePorts } from '../../support/fakes/ports';
import { toolSession } from '../../support/fakes/tool-session';

const all = allTools({
  kind: 'bash',
  programs: ['git', 'node', 'npm', 'npx', 'python3', 'docker', 'gh', 'rg', 'jq', 'curl', 'make', 'cargo', 'go'],
});
/** The rough rate at which request text becomes tokens. */
const BYTES_PER_TOKEN = 3.6;

describe('the list of tools', () => {
  it('costs little of the context', () => {
    const specs = all.map((tool) => tool.spec());
    const wire = JSON.stringify(specs.map(({ name, description, inputSchema }) => ({ name, description, input_schema: inputSchema })));
    assert.ok(wire.length / BYTES_PER_TOKEN < 2_300, `${Math.round(wire.length / BYTES_PER_TOKEN)} tokens`);
  });

  it('has each name once, and schemas that are plain objects', () => {
    assert.equal(new Set(all.map((t) => t.name)).size, all.length);
    for (const tool of all) {
      const { name, inputSchema } = tool.spec();
      assert.match(name, /^[a-z_]{1,64}$/);
      assert.equal(inputSchema.type, 'object', name);
      assert.equal(inputSchema.additionalProperties, false, name);
      assert.equal(JSON.stringify(inputSchema).includes('9007199254740991'), false, name);
    }
  });

  it('has no shell where there is none, and all the rest', () => {
    const names = allTools().map((t) => t.name);
    assert.equal(names.includes('shell'), false);
    assert.deepEqual([...names, 'shell'].sort(), all.map((t) => t.name).sort());
  });

  it('marks as reading only what never writes', () => {
    const reading = all.filter((t) => t.safety.readOnly).map((t) => t.name);
    assert.deepEqual(reading.sort(), ['ask_user', 'diagnostics', 'find_tools', 'glob', 'grep', 'read_file', 'tasks']);
  });

  it('refuses empty and foreign input with the next step, whatever the tool', async () => {
    const { fail } = toolSession(fakePorts());
    for (const tool of all) {
      assert.match(await fail(tool, { no_such_field: 1 }), /not valid[\s\S]*Send the call again/, tool.name);
      for (const input of [null, 'text', []]) assert.match(await fail(tool, input), /not valid/, tool.name);
    }
  });
});
