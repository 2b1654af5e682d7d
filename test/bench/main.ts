import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { setStage } from './agents';
import { createFigures, type Figure, median, playRound } from './figures';
import { startBenchServer } from './server';

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

function table(figures: readonly Figure[]): string {
  const rows = [['', 'ours', 'floor', 'ratio', 'target', ''], ...figures.map(row)];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)));
  return rows.map((cells) => line(cells).join('  ').trimEnd()).join('\n');
}

function row({ name, unit, target, samples }: Figure): string[] {
  const [ours, floor, ideal] = [median(samples.ours), median(samples.floor), median(samples.ideal)];
  const cells = [name, spread(samples.ours, unit), spread(samples.floor, unit)];
  if (ours === undefined || floor === undefined) return cells;
  if (target === 'ideal') return [...cells, '', `${number(ideal ?? 0, unit)} (ideal)`, ours >= (ideal ?? 0) - 0.05 ? '' : 'short'];
  const ratio = ours / floor;
  return [...cells, `${ratio.toFixed(2)}x`, target === undefined ? '' : `${target}x`, target !== undefined && ratio > target ? 'over' : ''];
}

function spread(samples: readonly number[], unit: Figure['unit']): string {
  const middle = median(samples);
  if (middle === undefined) return '';
  const [least, most] = [Math.min(...samples), Math.max(...samples)];
  const text = number(middle, unit);
  return number(least, unit) === number(most, unit) ? text : `${text} (${plain(least)}-${plain(most)})`;
}

function number(value: number, unit: Figure['unit']): string {
  return unit === 'x' ? plain(value) : `${plain(value)} ${unit}`;
}

function plain(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
