import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { setStage } from './agents';
import { createFigures, playRound } from './figures';
import { measureProof } from './proof';
import { startBenchServer } from './server';
import { table } from './table';

/**
 * `npm run bench`: the product against a floor, both as processes on the same model server, in the same run. Numbers
 * of one machine mean nothing on another; their ratios do. It informs and never fails.
 */

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' }, quick: { type: 'boolean', default: false } } });
const runs = Math.max(1, Number.parseInt(values.runs, 10) || 1);

try {
  const server = await startBenchServer();
  const stage = await setStage(server.url);
  const figures = createFigures();
  try {
    process.stdout.write('warming up');
    await playRound(stage, server, figures.add, false);
    figures.clear();
    for (let run = 0; run < runs; run++) {
      process.stdout.write(`, ${run + 1} of ${runs}`);
      await playRound(stage, server, figures.add, !values.quick);
      await measureProof(figures.add);
    }
    console.log(`\n\n${table(figures.all())}\n`);
    console.log(`Median of ${runs} ${runs === 1 ? 'run' : 'runs'} (least to most); Node ${process.version}, ${cpus().length} processors.`);
  } finally {
    await stage.remove();
    await server.close();
  }
} catch (error) {
  console.error(`\nThe bench did not come to its end: ${error instanceof Error ? error.stack : String(error)}`);
}
