import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readScript } from './script-file';
import { startModelServer } from './server';

/** The scripted model server as a process of its own, for trying the product by hand. */

const USAGE = 'Usage: node --import tsx test/support/model-server/main.ts --script FILE [--port N] [--record FILE]';

const { values } = parseArgs({
  options: { script: { type: 'string' }, port: { type: 'string', default: '0' }, record: { type: 'string' } },
});
if (!values.script || !/^\d+$/.test(values.port)) {
  console.error(USAGE);
  process.exit(2);
}

const { record } = values;
const server = await startModelServer(await readScript(resolve(values.script)), { port: Number(values.port) });
console.log(server.url);

/** Headers without the credential. */
function shareable(headers: NodeJS.Dict<string | string[]>) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization' && name !== 'x-api-key'));
}

let count = 0;
while (true) {
  const request = await server.received(++count);
  console.log(`request ${count}: ${request.body.length} bytes, ${server.remaining()} steps were left`);
  if (record) await appendFile(record, `${JSON.stringify({ at: request.at, headers: shareable(request.headers), json: request.json })}\n`);
}
