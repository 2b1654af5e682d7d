import * as assert from 'node:assert/strict';
import { EventEmitter, type SecretStorage } from 'vscode';
import { createKeyStore } from '../../src/editor/key';

/** A secret storage that keeps what `takes` lets it. */
function storage(takes: (value: string) => void): SecretStorage & { readonly kept: ReadonlyMap<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    keys: async () => [...kept.keys()],
    get: async (name) => kept.get(name),
    store: async (name, value) => {
      takes(value);
      kept.set(name, value);
    },
    delete: async (name) => void kept.delete(name),
    onDidChange: new EventEmitter<{ key: string }>().event,
  };
}

const unexpected = (error: unknown): never => assert.fail(String(error));

describe('the API key', () => {
  it('is kept in the secret storage, and gone from it once removed', async () => {
    const secrets = storage(() => {});
    const keys = createKeyStore(secrets, unexpected);
    assert.equal(await keys.keep('sk-one'), 'kept');
    assert.deepEqual([...secrets.kept.values()], ['sk-one']);
    assert.equal(await createKeyStore(secrets, unexpected).get(), 'sk-one', 'another window finds it');
    await keys.remove();
    assert.deepEqual([await keys.get(), secrets.kept.size], [undefined, 0]);
  });

  it('serves this window alone where the secret storage does not take it', async () => {
    const problems: unknown[] = [];
    const refusal = new Error('no keyring');
    const secrets = storage((value) => {
      if (value === 'sk-two') throw refusal;
    });
    const keys = createKeyStore(secrets, (error) => void problems.push(error));
    assert.equal(await keys.keep('sk-two'), 'held');
    assert.deepEqual([await keys.get(), problems, secrets.kept.size], ['sk-two', [refusal], 0]);
    assert.equal(await createKeyStore(secrets, unexpected).get(), undefined);
    assert.equal(await keys.keep('sk-three'), 'kept', 'and it is tried again with the next one');
    assert.equal(await keys.get(), 'sk-three');
  });

  it('serves this window where the secret storage loses what it took', async () => {
    const secrets = { ...storage(() => {}), get: async () => undefined };
    const keys = createKeyStore(secrets, unexpected);
    assert.deepEqual([await keys.keep('sk-four'), await keys.get()], ['held', 'sk-four']);
    await keys.remove();
    assert.equal(await keys.get(), undefined);
  });
});
