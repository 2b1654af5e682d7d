import assert from 'node:assert/strict';
import { connectionFrom, hostOf, normaliseBaseUrl } from '../../../src/model/connection';

describe('connectionFrom', () => {
  it('finds nothing where nothing is set, blanks included', () => {
    assert.deepEqual(connectionFrom({ env: {} }), { kind: 'none' });
    assert.deepEqual(connectionFrom({ env: { ANTHROPIC_API_KEY: ' ', ANTHROPIC_BASE_URL: '' }, storedKey: '', settingBaseUrl: '' }), {
      kind: 'none',
    });
  });

  it('prefers the environment over what is stored, and a key over a token', () => {
    const env = { ANTHROPIC_API_KEY: 'env-key', ANTHROPIC_AUTH_TOKEN: 'token', ANTHROPIC_BASE_URL: 'http://env' };
    assert.deepEqual(connectionFrom({ env, storedKey: 'stored', settingBaseUrl: 'http://setting' }), {
      kind: 'service',
      baseUrl: 'http://env',
      apiKey: 'env-key',
    });
    assert.deepEqual(connectionFrom({ env: { ANTHROPIC_AUTH_TOKEN: 'token' }, storedKey: 'stored' }), {
      kind: 'service',
      authToken: 'token',
    });
    assert.deepEqual(connectionFrom({ env: {}, storedKey: 'stored', settingBaseUrl: 'http://setting' }), {
      kind: 'service',
      baseUrl: 'http://setting',
      apiKey: 'stored',
    });
  });

  it('takes an address without a key: local servers need none', () => {
    assert.deepEqual(connectionFrom({ env: { ANTHROPIC_BASE_URL: 'http://127.0.0.1:1234' } }), {
      kind: 'service',
      baseUrl: 'http://127.0.0.1:1234',
    });
  });
});

describe('addresses', () => {
  it('are cut back to what the SDK appends its path to', () => {
    for (const given of ['http://h:1', 'http://h:1/', 'http://h:1/v1', 'http://h:1/v1/', ' http://h:1/v1/messages ']) {
      assert.equal(normaliseBaseUrl(given), 'http://h:1');
    }
    assert.equal(normaliseBaseUrl('https://h/gateway/v1'), 'https://h/gateway');
  });

  it('are named without the password that they may carry', () => {
    assert.equal(hostOf('https://user:secret@h:8/x'), 'h:8');
    assert.equal(hostOf('not an address'), 'the given address');
  });
});
