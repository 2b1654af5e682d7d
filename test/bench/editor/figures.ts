import { median } from '../figures';

export type Unit = 'ms' | 'MB' | 'frames/s';
/** At most (or least) a number, at most a multiple of the floor, or at most so much above it. */
export type Goal = { readonly most: number } | { readonly least: number } | { readonly times: number } | { readonly above: number };
export type Side = 'ours' | 'floor';

type Figure = {
  readonly name: string;
  readonly unit: Unit;
  readonly goal: Goal | undefined;
  readonly samples: Readonly<Record<Side, number[]>>;
};

export type Figures = {
  add(name: string, unit: Unit, side: Side, value: number | undefined, goal?: Goal): void;
  table(): string;
};

/** What was measured in the editor, and the table of it: medians, their ratio, the goal, and whether it is met. */
export function createFigures(): Figures {
  const figures = new Map<string, Figure>();
  return {
    add(name, unit, side, value, goal) {
      const figure = figures.get(name) ?? { name, unit, goal, samples: { ours: [], floor: [] } };
      figures.set(name, figure);
      if (value === undefined) return;
      figure.samples[side].push(value);
      console.log(`  ${name}: ${plain(value)} ${unit}`);
    },
    table() {
      const rows = [['', 'ours', 'floor', 'ratio', 'goal', ''], ...[...figures.values()].map(row)];
      const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
      return rows
        .map((cells) => cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))))
        .map((cells) => cells.join('  ').trimEnd())
        .join('\n');
    },
  };
}

function row({ name, unit, goal, samples }: Figure): string[] {
  const [ours, floor] = [median(samples.ours), median(samples.floor)];
  const cells = [name, shown(samples.ours, unit), shown(samples.floor, unit)];
  const ratio = ours === undefined || floor === undefined ? '' : `${(ours / floor).toFixed(2)}x`;
  if (!goal || ours === undefined) return [...cells, ratio, '', ''];
  return [...cells, ratio, wording(goal, unit), isMet(goal, ours, floor) ? '' : 'MISSED'];
}

function isMet(goal: Goal, ours: number, floor = Number.NaN): boolean {
  if ('most' in goal) return ours <= goal.most;
  if ('least' in goal) return ours >= goal.least;
  return 'times' in goal ? ours <= floor * goal.times : ours - floor <= goal.above;
}

function wording(goal: Goal, unit: Unit): string {
  if ('most' in goal) return `<= ${goal.most} ${unit}`;
  if ('least' in goal) return `>= ${goal.least} ${unit}`;
  return 'times' in goal ? `<= ${goal.times}x` : `<= floor + ${goal.above} ${unit}`;
}

function shown(samples: readonly number[], unit: Unit): string {
  const middle = median(samples);
  if (middle === undefined) return '';
  const [least, most] = [plain(Math.min(...samples)), plain(Math.max(...samples))];
  return least === most ? `${plain(middle)} ${unit}` : `${plain(middle)} ${unit} (${least}-${most})`;
}

function plain(value: number): string {
  return Math.abs(value) >= 10 ? value.toFixed(0) : value.toFixed(1);
}
