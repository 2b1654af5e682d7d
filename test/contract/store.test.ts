import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStore } from '../../src/node/store';
import { storeContract } from './support/store';

const made: string[] = [];
after(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

storeContract('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumb-store-'));
  made.push(folder);
  return () => createStore({ folder, clock: { now: () => 500 } });
});
