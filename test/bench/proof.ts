import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/node/clock';
import { createVerifier } from '../../src/node/identity/verifier';
import { createStore } from '../../src/node/store';
import { makeProven, story, write } from '../support/proven';
import type { createFigures } from './figures';

/** Each effect is three records: the decision, what is about to happen, what came of it. */
const EFFECTS = 3_333;

/** What signing adds to an effect, and how long a verifier takes for the chain of a long session. */
export async function measureProof(add: ReturnType<typeof createFigures>['add']): Promise<void> {
  const place = await makeProven();
  try {
    await write(place.store, 'warm', story('warm', 50));
    const plain = await timed(() =>
      write(createStore({ folder: place.folder, clock: systemClock }), 'plain', story('plain', EFFECTS), Infinity),
    );
    const signed = await timed(() => write(place.store, 'signed', story('signed', EFFECTS), Infinity));
    add('signing, for each effect (at most 1 ms)', 'ms', 'ours', (signed - plain) / EFFECTS);
    const { verify } = createVerifier(place.folder);
    let covered = 0;
    const verifying = await timed(async () => {
      const { result } = await verify('signed');
      covered = result.verdict === 'proven' ? result.covered : 0;
    });
    const lines = (await readFile(join(place.folder, 'sessions', 'signed', 'proof.jsonl'), 'utf8')).split('\n').length - 1;
    if (covered < EFFECTS * 3 || lines < 10_000) throw new Error(`only ${covered} events by ${lines} records were proven`);
    add('verifying 10,000 records (at most 2,000 ms)', 'ms', 'ours', verifying);
  } finally {
    await place.remove();
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
