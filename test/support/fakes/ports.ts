import type { Ports } from '../../../src/core/ports';
import { type FakeDocuments, fakeDocuments, sha256 } from './documents';
import { fakeSearch } from './search';

export type FakePorts = Ports & { readonly documents: FakeDocuments };

/**
 * Every port with a plain answer: files and search in memory, nobody to ask, a clock that never waits. What a test is
 * about is passed in; what it is not about fails by name when it is used.
 */
export function fakePorts(own: Partial<Omit<Ports, 'documents'>> & { readonly documents?: FakeDocuments } = {}): FakePorts {
  const documents = own.documents ?? fakeDocuments();
  let now = 1_700_000_000_000;
  return {
    search: fakeSearch(documents),
    model: unused('model'),
    store: unused('store'),
    rules: { current: () => [], save: async () => {} },
    clock: {
      now: () => now,
      async sleep(ms, signal) {
        signal.throwIfAborted();
        now += ms;
      },
    },
    approver: { handler: 'unattended', decide: async () => ({ choice: 'nobody' }) },
    asker: { ask: async () => null },
    hash: sha256,
    asset: async (name) => {
      throw new Error(`this test has no asset ${name}`);
    },
    ...own,
    documents,
  };
}

/** A port that a test does not expect to be used. */
export function unused<T extends object>(name: string): T {
  const trap = (member: string) => () => {
    throw new Error(`this test did not expect ${name}.${member}`);
  };
  return new Proxy({} as T, { get: (_, member) => trap(String(member)) });
}
