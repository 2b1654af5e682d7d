import assert from 'node:assert/strict';
import type { ModelClient, ModelProfile } from '../../../src/core/ports';
import { type Configured, createConnector } from '../../../src/editor/connector';

const PROFILE: ModelProfile = {
  id: 'one',
  name: 'One',
  contextWindow: 200_000,
  maxOutput: 8_000,
  thinking: 'none',
  images: false,
  references: 'no',
  price: null,
  source: 'service',
};

describe('the connector', () => {
  it('lists the models of a service whose connection is looked at again while they are on their way', async () => {
    let send: (models: readonly ModelProfile[]) => void = () => {};
    const listed = new Promise<readonly ModelProfile[]>((resolve) => {
      send = resolve;
    });
    const unused = (): never => assert.fail('only its models are asked for');
    const client: ModelClient = { service: () => '', models: () => listed, profile: unused, countTokens: unused, stream: unused };
    const configured: Configured = { kind: 'service', key: 'one', host: 'model.example', make: () => client };
    const problems: unknown[] = [];
    const connector = createConnector({
      configured: async () => configured,
      startDemo: unused,
      use: () => {},
      onProblem: (error) => void problems.push(error),
    });
    await connector.ready();
    await connector.refresh(); // as when a setting changes that has nothing to do with it
    const told = new Promise<void>((resolve) => void connector.onChange(resolve));
    send([PROFILE]);
    await told;
    assert.deepEqual(
      connector.state().choices.map(({ id }) => id),
      [PROFILE.id],
    );
    assert.deepEqual(problems, []);
  });
});
