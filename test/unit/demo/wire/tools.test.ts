import assert from 'node:assert/strict';
import { asking, type Line, openLine } from '../../../support/model-server/client';
import { reply } from '../../../support/model-server/reply';

const TOOL = { name: 'look', input_schema: { type: 'object' } };
const call = (id: string) => ({ type: 'tool_use', id, name: 'look', input: {} });
const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'seen' });
const talk = (...contents: unknown[]) =>
  asking({ tools: [TOOL], messages: contents.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content })) });

describe('the wire: tools, calls and results', () => {
  let line: Line;
  beforeEach(async () => {
    line = await openLine(() => reply.text('Hi'));
  });
  afterEach(() => line.server.close());

  it('9 refuses a call without its result', async () => {
    const open = (id: string, at: number) =>
      `messages.${at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${id}. ` +
      'Each `tool_use` block must have a corresponding `tool_result` block in the next message.';
    assert.equal(await line.refusal(talk('a', [call('toolu_X')], 'and now?')), open('toolu_X', 1));
    assert.equal(await line.refusal(talk('a', [call('t1'), call('t2')], [result('t1')])), open('t2', 1));
    assert.equal(await line.refusal(talk('a', [call('t1')])), open('t1', 1));
    const long = talk('a', [call('t1')], [result('t1')], 'b', 'c', 'd', 'e', [call('toolu_X')], 'no');
    assert.equal(await line.refusal(long), open('toolu_X', 7));
    assert.equal(
      (await line.post(talk('a', [call('t1'), call('t2')], [result('t2'), result('t1'), { type: 'text', text: 'b' }]))).status,
      200,
    );
  });

  it('10 refuses a result without its call, text before results, and ids that occur twice', async () => {
    assert.equal(
      await line.refusal(talk([result('toolu_X')])),
      'messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_X. ' +
        'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
    );
    assert.match(
      await line.refusal(talk('a', [call('t1')], [{ type: 'text', text: 'b' }, result('t1')])),
      /without `tool_result` blocks immediately after: t1/,
    );
    assert.match(
      await line.refusal(talk('a', [call('t1')], [result('t1'), result('t1')])),
      /Found multiple `tool_result` blocks with id: t1/,
    );
    assert.match(await line.refusal(talk('a', [call('t1'), call('t1')], [result('t1')])), /`tool_use` ids must be unique/);
    assert.match(
      await line.refusal(talk('a', [call('t1')], [result('t1')], [call('t1')], [result('t1')])),
      /`tool_use` ids must be unique/,
    );
    assert.match(await line.refusal(talk([call('t1')])), /`tool_use` blocks can only be in `assistant` messages/);
  });

  it('11 holds server tools to the same', async () => {
    const search = { type: 'server_tool_use', id: 'srvtoolu_X', name: 'web_search', input: { query: 'x' } };
    const found = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_X', content: [] };
    assert.equal((await line.post(talk('a', [search, found, { type: 'text', text: 'b' }], 'c'))).status, 200);
    assert.equal(
      await line.refusal(talk('a', [found], 'c')),
      'messages.1.content.0: unexpected `tool_use_id` found in `web_search_tool_result` blocks: srvtoolu_X. ' +
        'Each `web_search_tool_result` block must have a corresponding `server_tool_use` block before it.',
    );
    assert.match(await line.refusal(talk('a', [found, search], 'c')), /before it\.$/);
    assert.match(
      await line.refusal(talk('a', [search, call('t1')], [result('t1'), { type: 'text', text: 'c' }])),
      /`web_search` tool use with id `srvtoolu_X`/,
    );
    assert.equal((await line.post(talk('a', [search, call('t1')], [result('t1')]))).status, 200);
  });

  it('12 checks names, deferral and references of tools', async () => {
    const tools = (...list: object[]) => line.refusal(asking({ tools: list }));
    assert.equal(await tools({ ...TOOL, name: 'no spaces' }), "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
    assert.equal(await tools(TOOL, TOOL), 'tools: Tool names must be unique.');
    assert.equal(
      await tools({ ...TOOL, defer_loading: true }),
      'At least one tool must have defer_loading=false. All tools cannot be deferred.',
    );
    const referring = { type: 'tool_result', tool_use_id: 't1', content: [{ type: 'tool_reference', tool_name: 'x' }] };
    assert.equal(await line.refusal(talk('a', [call('t1')], [referring])), "Tool reference 'x' not found in available tools");
    assert.match(
      await tools({ ...TOOL, input_schema: { type: 'array' } }),
      /^tools\.0\.custom\.input_schema\.type: Input should be 'object'/,
    );
    assert.match(await tools({ type: 'teapot_20260101', name: 'teapot' }), /Input tag 'teapot_20260101'/);
    assert.equal((await line.post(asking({ tools: [TOOL, { type: 'bash_20250124', name: 'bash' }] }))).status, 200);
  });

  it('13 refuses a forced choice where the model does', async () => {
    const refused = 'tool_choice: type "tool" and "any" are not supported for this model.';
    for (const model of ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-fable-5-1', 'claude-mythos-5-2']) {
      assert.equal(await line.refusal(asking({ model, tools: [TOOL], tool_choice: { type: 'any' } })), refused);
      assert.equal(await line.refusal(asking({ model, tools: [TOOL], tool_choice: { type: 'tool', name: 'look' } })), refused);
    }
    assert.equal((await line.post(asking({ model: 'claude-opus-5', tools: [TOOL], tool_choice: { type: 'any' } }))).status, 200);
    assert.equal((await line.post(asking({ tools: [TOOL], tool_choice: { type: 'auto', disable_parallel_tool_use: true } }))).status, 200);
    assert.equal(await line.refusal(asking({ tools: [TOOL], tool_choice: { type: 'tool' } })), 'tool_choice.tool.name: Field required');
  });
});
