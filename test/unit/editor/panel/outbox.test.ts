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
  it('holds two deliveries at most, however much comes meanwhile, and then the newest state as one event', async () => {
    const { outbox, deliveries, next } = slowPage();
    for (const n of [0, 1]) {
      outbox.push(say(`first ${n}`));
      await next(n);
    }
    for (let n = 0; n < 500; n++) outbox.push(say(`${n} `));
    await afterTwoMore();
    assert.equal(deliveries.length, 2);
    deliveries[0]?.arrive();
    const third = await next(2);
    assert.equal(third.events.length, 1);
    assert.equal(textOf(third), Array.from({ length: 500 }, (_, n) => `${n} `).join(''));
    assert.equal(deliveries.length, 3);
  });

  it('keeps the order of what is no preview', async () => {
    const { outbox, next } = slowPage();
    const script = createScript();
    for (const event of [say('b'), say('c'), script.add('turn_started', { turn: 1, model: 'm' }), say('d')]) outbox.push(event);
    assert.equal(textOf(await next(0)), 'bc|turn_started|d');
  });

  it('does not wait for deliveries that failed', async () => {
    const { outbox, next } = slowPage();
    for (const n of [0, 1]) {
      outbox.push(say('lost'));
      await next(n);
    }
    outbox.push(say('then'));
    (await next(0)).fail();
    assert.equal(textOf(await next(2)), 'then');
  });

  it('hands over at once what must come before something else, and waits for that one too', async () => {
    const { outbox, deliveries, next } = slowPage();
    for (const n of [0, 1]) {
      outbox.push(say('a'));
      await next(n);
    }
    outbox.push(say('b'));
    outbox.flush();
    assert.equal(textOf(await next(2)), 'b');
    outbox.push(say('c'));
    deliveries[0]?.arrive();
    await afterTwoMore();
    assert.equal(deliveries.length, 3);
    deliveries[1]?.arrive();
    assert.equal(textOf(await next(3)), 'c');
  });
});
