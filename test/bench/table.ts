import { type Figure, median } from './figures';

/** A row for each figure: both medians, their ratio, and what it should be. */
export function table(figures: readonly Figure[]): string {
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
