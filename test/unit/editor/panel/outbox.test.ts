import assert from 'node:assert/strict';
import { createOutbox } from '../../../../src/editor/panel/outbox';
import type { AgentEvent } from '../../../../src/protocol/events';
import { createScript } from '../../../support/panel-preview/script';

type Delivery = { readonly events: readonly AgentEvent[]; arrive(): void; fail(): void };

/** A page that says when a delivery has arrived; `next` waits for one. */
function slowPage() {
  const deliveries: Delivery[] = [];
  let told = () => {};
  const outbox = createOutbox((events) => {
    const arrival = new Promise<void>((arrive, reject) => {
      deliveries.push({ events, arrive, fail: () => reject(new Error('the page is gone')) });
    });
    told();
    return arrival;
  });
  const next = async (n: number): Promise<Delivery> => {
    for (;;) {
      const found = deliveries[n];
      if (found) return found;
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    }
  };
  return { outbox, deliveries, next };
}

/** Until a page with nothing under way would have had two more deliveries. */
async function afterTwoMore(): Promise<void> {
  const { outbox, next } = slowPage();
  for (const n of [0, 1]) {
    outbox.push(say(''));
    (await next(n)).arrive();
  }
}

const say = (text: string) => createScript().add('delta', { of: 'text', of_id: '1.1.0', text });
const textOf = ({ events }: Delivery) => events.map((event) => (event.type === 'delta' ? event.text : event.type)).join('|');

describe('the way of events to a page', () => {
  it('holds one delivery at a time, however much comes meanwhile, and then the newest state as one event', async () => {
    const { outbox, deliveries, next } = slowPage();
    outbox.push(say('first '));
    const first = await next(0);
    for (let n = 0; n < 500; n++) outbox.push(say(`${n} `));
    await afterTwoMore();
    assert.equal(deliveries.length, 1);
    first.arrive();
    const second = await next(1);
    assert.equal(second.events.length, 1);
    assert.equal(textOf(second), Array.from({ length: 500 }, (_, n) => `${n} `).join(''));
    assert.equal(deliveries.length, 2);
  });

  it('keeps the order of what is no preview', async () => {
    const { outbox, next } = slowPage();
    outbox.push(say('a'));
    const first = await next(0);
    const script = createScript();
    for (const event of [say('b'), say('c'), script.add('turn_started', { turn: 1, model: 'm' }), say('d')]) outbox.push(event);
    first.arrive();
    assert.equal(textOf(await next(1)), 'bc|turn_started|d');
  });

  it('does not wait for a delivery that failed', async () => {
    const { outbox, next } = slowPage();
    outbox.push(say('lost'));
    const first = await next(0);
    outbox.push(say('then'));
    first.fail();
    assert.equal(textOf(await next(1)), 'then');
  });

  it('hands over at once what must come before something else, and is held up by that one instead', async () => {
    const { outbox, deliveries, next } = slowPage();
    outbox.push(say('a'));
    const first = await next(0);
    outbox.push(say('b'));
    outbox.flush();
    assert.equal(textOf(await next(1)), 'b');
    outbox.push(say('c'));
    first.arrive();
    await afterTwoMore();
    assert.equal(deliveries.length, 2);
    deliveries[1]?.arrive();
    assert.equal(textOf(await next(2)), 'c');
  });
});
