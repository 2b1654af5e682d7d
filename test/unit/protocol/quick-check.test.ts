import assert from 'node:assert/strict';
import { z } from 'zod';
import { zAgentEvent } from '../../../src/protocol/events';
import { parseEventLine } from '../../../src/protocol/log';
import { quickCheck } from '../../../src/protocol/quick-check';

/** One value that a schema gives, `whole` with everything that may be left out; the other parts of unions and enums by turns. */
function sample(schema: unknown, whole: boolean, turn = 0): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return sample(schema.unwrap(), whole, turn);
  if (schema instanceof z.ZodString) return `text ${turn}`;
  if (schema instanceof z.ZodNumber) return turn;
  if (schema instanceof z.ZodBoolean) return turn % 2 === 0;
  if (schema instanceof z.ZodUnknown) return { any: [1, null] };
  if (schema instanceof z.ZodLiteral) return [...schema.values][0];
  if (schema instanceof z.ZodEnum) return schema.options[turn % schema.options.length];
  if (schema instanceof z.ZodArray) return [0, 1, 2].map((n) => sample(schema.element, whole, turn + n));
  if (schema instanceof z.ZodTuple) return schema.def.items.map((item) => sample(item, whole, turn));
  if (schema instanceof z.ZodRecord) return { one: sample(schema.valueType, whole, turn), two: sample(schema.valueType, whole, turn + 1) };
  if (schema instanceof z.ZodDiscriminatedUnion) return sample(schema.options[turn % schema.options.length], whole, turn);
  assert(schema instanceof z.ZodObject, 'a kind of schema that this test does not know');
  const parts = Object.entries(schema.shape).filter(([, part]) => whole || !(part instanceof z.ZodOptional));
  return Object.fromEntries(parts.map(([key, part]) => [key, sample(part, whole, turn)]));
}

const samples = zAgentEvent.options.flatMap((option) =>
  Array.from({ length: 12 }, (_, turn) => JSON.parse(JSON.stringify(sample(option, turn % 2 === 0, turn)))),
);

/** The value with one thing in it changed, for each thing and each way to change it. */
function* spoilt(value: unknown): Generator<unknown> {
  for (const other of [null, true, -0.5, 1e300, 'other', [], {}, Number.POSITIVE_INFINITY]) yield other;
  if (Array.isArray(value)) {
    yield [...value, ...value, undefined];
    for (const [i, part] of value.entries()) for (const other of spoilt(part)) yield value.with(i, other);
  } else if (typeof value === 'object' && value !== null) {
    yield { ...value, more: 1 };
    yield JSON.parse(`{"__proto__":1,${JSON.stringify(value).slice(1)}`.replace(',}', '}'));
    for (const [key, part] of Object.entries(value)) {
      const { [key]: _gone, ...rest }: Record<string, unknown> = { ...value };
      yield rest;
      for (const other of spoilt(part)) yield { ...rest, [key]: other };
    }
  }
}

describe('the quick look at a line of the log', () => {
  const check = quickCheck(zAgentEvent);

  it('passes every kind of event, with and without what may be left out', () => {
    for (const event of samples) {
      assert.deepEqual(zAgentEvent.parse(event), event, 'the sample is one');
      assert(check(event), JSON.stringify(event));
    }
  });

  it('never passes what the schema would refuse or give back otherwise', () => {
    let passed = 0;
    let stopped = 0;
    for (const event of samples.filter((_, i) => i % 12 < 2)) {
      for (const other of spoilt(event)) {
        if (check(other)) {
          passed++;
          assert.deepEqual(zAgentEvent.parse(other), other);
        } else stopped++;
      }
    }
    assert(stopped > 5_000 && passed > 500, `${stopped} stopped, ${passed} passed`);
  }).timeout(60_000);

  it('leaves to the schema what it does not know', () => {
    for (const schema of [
      z.string().min(1),
      z.number().min(1),
      z.string().transform(Number),
      z.iso.date(),
      z.strictObject({}),
      z.lazy(() => z.string()),
    ])
      assert.equal(quickCheck(z.object({ of: schema }))({ of: 'x' }), false);
  });

  it('does not keep anybody from being told what is wrong', () => {
    const parsed = parseEventLine(JSON.stringify({ ...samples[0], at: 'noon' }));
    assert(parsed.kind === 'damaged');
    assert.match(parsed.reason, /at/);
  });
});
