import { resolve } from 'node:path';
import { copySample } from './sample';

/** `copy-sample.ts FOLDER`: what F5 opens. A copy from an earlier time is kept. */
await copySample(resolve(process.argv[2] ?? ''), { fresh: false });
