import assert from 'node:assert/strict';
import type { ModelMessage, ModelProfile, ModelRequest } from '../../../src/core/ports';
import { type Capabilities, EFFORTS, type Effort } from '../../../src/model/profiles';
import { buildCount, buildRequest } from '../../../src/model/request';
import { tableProfile } from '../../../src/model/table';
import { zAssistantBlock } from '../../../src/protocol/blocks';
import { requestOf } from './server';

const capable = (thinking: ModelProfile['thinking'] = 'none', efforts: readonly Effort[] | 'unknown' = 'unknown'): Capabilities => ({
  profile: { ...tableProfile('x'), thinking },
  efforts,
});
const messagesOf = (...messages: ModelMessage[]) => buildRequest(requestOf({ messages }), capable()).messages;

const REPRESENTATIVE: ModelRequest = {
  model: 'claude-opus-5-5',
  maxTokens: 32_000,
  tools: [
    {
      name: 'glob',
      description: 'Finds files.',
      inputSchema: { type: 'object', properties: { pattern: { type: 'string' } }, required: ['pattern'] },
    },
  ],
  system: [
    { text: 'You are Plumb.', mark: true },
    { text: 'Folder: /w', mark: true },
  ],
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Look at this.' },
        { type: 'image', mediaType: 'image/png', data: 'AAAA' },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'I search.', signature: 'sig==' },
        { type: 'text', text: '', citations: null },
        { type: 'tool_use', id: 'toolu_1', name: 'glob', input: { pattern: '*' }, caller: { type: 'direct' } },
        { type: 'tool_use', id: 'toolu_2', name: 'glob', input: {}, malformed: '{"pat' },
        { type: 'other', raw: { type: 'server_tool_use', id: 's', input: {} } },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', callId: 'toolu_1', content: [{ type: 'text', text: 'a.ts' }], isError: false },
        { type: 'tool_result', callId: 'toolu_2', content: [{ type: 'text', text: '' }], isError: true, mark: true },
      ],
    },
  ],
  effort: 'high',
  idleTimeoutMs: 1000,
};

const GOLDEN =
  '{"model":"claude-opus-5-5","max_tokens":32000,"stream":true,"thinking":{"type":"adaptive","display":"summarized"},"output_config":{"effort":"high"},' +
  '"tools":[{"name":"glob","description":"Finds files.","input_schema":{"type":"object","properties":{"pattern":{"type":"string"}},"required":["pattern"]}}],' +
  '"system":[{"type":"text","text":"You are Plumb.","cache_control":{"type":"ephemeral"}},{"type":"text","text":"Folder: /w","cache_control":{"type":"ephemeral"}}],' +
  '"messages":[{"role":"user","content":[{"type":"text","text":"Look at this."},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},' +
  '{"role":"assistant","content":[{"type":"thinking","thinking":"I search.","signature":"sig=="},' +
  '{"type":"tool_use","id":"toolu_1","name":"glob","input":{"pattern":"*"},"caller":{"type":"direct"}},' +
  '{"type":"tool_use","id":"toolu_2","name":"glob","input":{}},{"type":"server_tool_use","id":"s","input":{}}]},' +
  '{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"a.ts"}]},' +
  '{"type":"tool_result","tool_use_id":"toolu_2","is_error":true,"cache_control":{"type":"ephemeral"}}]}]}';

describe('buildRequest', () => {
  it('writes a representative request in exactly these bytes', () => {
    assert.equal(JSON.stringify(buildRequest(REPRESENTATIVE, capable('adaptive'))), GOLDEN);
  });

  it('writes the same bytes for a history that has been through the log', () => {
    const fromLog = JSON.parse(JSON.stringify(REPRESENTATIVE)) as ModelRequest;
    const reread: ModelRequest = {
      ...fromLog,
      messages: fromLog.messages.map((message) =>
        message.role === 'assistant'
          ? { ...message, content: message.content.map((block) => zAssistantBlock.parse(shuffled(block))) }
          : message,
      ),
    };
    assert.equal(JSON.stringify(buildRequest(reread, capable('adaptive'))), GOLDEN);
  });

  it('sends what it does not know back in the order in which it came', () => {
    const signed = { type: 'thinking', thinking: 'hm', signature: 's', zeta: 1, alpha: { y: 1, b: 2 } };
    const foreign = { type: 'verse', z: 1, a: [1, { q: 2, b: 1 }] };
    const blocks = [signed, { type: 'other', raw: foreign }].map((block) => zAssistantBlock.parse(JSON.parse(JSON.stringify(block))));
    const { messages } = buildRequest(requestOf({ messages: [{ role: 'assistant', content: blocks }] }), capable('adaptive'));
    assert.equal(JSON.stringify(messages[0]?.content), JSON.stringify([signed, foreign]));
  });

  it('asks for thinking as the model takes it', () => {
    const thinking = (kind: ModelProfile['thinking'], maxTokens = 64_000) => buildRequest(requestOf({ maxTokens }), capable(kind)).thinking;
    assert.deepEqual(thinking('adaptive'), { type: 'adaptive', display: 'summarized' });
    assert.deepEqual(thinking('enabled'), { type: 'enabled', budget_tokens: 16_000 });
    assert.deepEqual(thinking('enabled', 4000), { type: 'enabled', budget_tokens: 2000 });
    assert.equal(thinking('enabled', 1500), undefined);
    assert.equal(thinking('none'), undefined);
  });

  it('sends an effort only when one is chosen and the model takes it', () => {
    const effort = (asked: ModelRequest['effort'], efforts: readonly Effort[] | 'unknown') =>
      buildRequest(requestOf({ effort: asked }), capable('none', efforts)).output_config?.effort;
    assert.equal(effort('default', EFFORTS), undefined);
    assert.equal(effort('max', 'unknown'), 'max');
    assert.equal(effort('xhigh', ['low', 'medium', 'high', 'max']), 'high');
    assert.equal(effort('low', ['medium', 'high']), 'medium');
    assert.equal(effort('high', []), undefined);
  });

  it('never sends text of white space only, nor a message that it empties', () => {
    assert.deepEqual(
      messagesOf(
        { role: 'user', content: [{ type: 'text', text: 'a' }] },
        { role: 'assistant', content: [{ type: 'text', text: '\n ' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: '' },
            { type: 'text', text: 'b' },
          ],
        },
      ),
      [
        { role: 'user', content: [{ type: 'text', text: 'a' }] },
        { role: 'user', content: [{ type: 'text', text: 'b' }] },
      ],
    );
  });

  it('moves a mark off a block that cannot carry it, and never doubles it', () => {
    const marked = messagesOf({
      role: 'assistant',
      content: [
        { type: 'text', text: 'a' },
        { type: 'thinking', thinking: 't', signature: 's', mark: true },
        { type: 'text', text: '', mark: true },
      ],
    });
    assert.deepEqual(marked, [
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } },
          { type: 'thinking', thinking: 't', signature: 's' },
        ],
      },
    ]);
  });

  it('leaves out tools and system where there are none', () => {
    assert.deepEqual(Object.keys(buildRequest(requestOf(), capable())), ['model', 'max_tokens', 'stream', 'messages']);
  });

  it('counts exactly the prompt that it sends', () => {
    const { model, thinking, tools, system, messages } = buildRequest(REPRESENTATIVE, capable('adaptive'));
    assert.deepEqual(buildCount(REPRESENTATIVE, capable('adaptive')), { model, thinking, tools, system, messages });
  });
});

function shuffled(block: object): object {
  return Object.fromEntries(Object.entries(block).reverse());
}
