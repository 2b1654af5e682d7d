import { tableProfile } from '../../src/model/table';
import { AGENTS, type Agent, MODEL, type Place, type Stage } from './agents';
import type { BenchServer, Exchange } from './server';
import { type Kind, MARK, parallelTask, sayingTask, type Task, taskOf } from './tasks';

/** One thing measured: a sample for each run, in each agent. */
export type Figure = {
  readonly name: string;
  readonly unit: 'ms' | 'MB' | '¢' | '%' | 'x';
  /** What ours may be at most, as a multiple of the floor; or what it must equal. */
  readonly target?: number | 'ideal';
  readonly samples: Readonly<Record<Agent | 'ideal', number[]>>;
};

type Sink = (name: string, unit: Figure['unit'], agent: Agent | 'ideal', value: number | undefined, target?: Figure['target']) => void;

/** Long enough for 500 messages. */
const LONG = 250;
const SHORT_TASKS = [taskOf(12), taskOf(60)] as const;
const LONG_TASK = taskOf(LONG);

export function createFigures(): { readonly all: () => readonly Figure[]; readonly add: Sink; clear(): void } {
  const figures = new Map<string, Figure>();
  return {
    all: () => [...figures.values()],
    clear: () => figures.clear(),
    add(name, unit, agent, value, target) {
      const figure = figures.get(name) ?? { name, unit, target, samples: { ours: [], floor: [], ideal: [] } };
      figures.set(name, figure);
      if (value !== undefined) figure.samples[agent].push(value);
    },
  };
}

/** One round over every figure, the agents by turns so that a slow moment of the machine meets both. */
export async function playRound(stage: Stage, server: BenchServer, add: Sink, long: boolean): Promise<void> {
  for (const agent of AGENTS) await shortTasks(agent, stage, server, add);
  for (const agent of AGENTS) await firstDelta(agent, stage, server, add);
  for (const agent of AGENTS) await parallelCalls(agent, stage, server, add);
  if (long) for (const agent of AGENTS) await longTask(agent, stage, server, add);
}

async function shortTasks(agent: Agent, stage: Stage, server: BenchServer, add: Sink): Promise<void> {
  const [twelve, sixty] = SHORT_TASKS;
  await inPlace(stage, agent, async (place) => {
    const exchanges = server.play(twelve.script);
    const run = await place.run('Work through the project.');
    complete(twelve, exchanges);
    add('start to first request', 'ms', agent, (exchanges[0]?.at ?? 0) - run.startedAt, 1.5);
    for (const kind of ['read', 'edit', 'search'] as const)
      add(`overhead after ${article(kind)}`, 'ms', agent, median(overheads(twelve, exchanges, kind)), 1.6);
    add('processor time, 12 turns', 'ms', agent, run.cpu);
    add('cost of 12 turns', '¢', agent, cost(exchanges), 1.15);
    add('first request, tokens', 'x', agent, promptOf(exchanges[0]));
  });
  await inPlace(stage, agent, async (place) => {
    const exchanges = server.play(sixty.script);
    const run = await place.run('Work through the project.');
    complete(sixty, exchanges);
    add('cost of 60 turns', '¢', agent, cost(exchanges), 1.15);
    add('cached share, 60 turns', '%', agent, 100 * cachedShare(exchanges), 'ideal');
    if (agent === 'ours') add('cached share, 60 turns', '%', 'ideal', 100 * idealShare(exchanges));
    add('processor time, 60 turns', 'ms', agent, run.cpu);
    add('peak memory, 60 turns', 'MB', agent, run.memory / 1e6, 1.3);
  });
}

async function firstDelta(agent: Agent, stage: Stage, server: BenchServer, add: Sink): Promise<void> {
  await inPlace(stage, agent, async (place) => {
    const exchanges = server.play(sayingTask.script);
    const run = await place.run('Say something.', { watchFor: MARK });
    add('first delta to output', 'ms', agent, run.saidAt - (exchanges[0]?.deltasAt[0] ?? 0));
  });
}

async function parallelCalls(agent: Agent, stage: Stage, server: BenchServer, add: Sink): Promise<void> {
  await inPlace(stage, agent, async (place) => {
    const exchanges = server.play(parallelTask.script);
    await place.run('Read everything.');
    complete(parallelTask, exchanges);
    add('cached share, 12 calls a turn', '%', agent, 100 * cachedShare(exchanges), 'ideal');
    if (agent === 'ours') add('cached share, 12 calls a turn', '%', 'ideal', 100 * idealShare(exchanges));
  });
}

async function longTask(agent: Agent, stage: Stage, server: BenchServer, add: Sink): Promise<void> {
  await inPlace(stage, agent, async (place) => {
    const exchanges = server.play(LONG_TASK.script);
    const run = await place.run('Work through the project.');
    complete(LONG_TASK, exchanges);
    const around = (turn: number) => median(overheads(LONG_TASK, exchanges.slice(0, turn + 6), 'read', turn - 6));
    add('overhead at turn 10', 'ms', agent, around(10), 1.6);
    add('overhead at turn 60', 'ms', agent, around(60), 1.6);
    add(`overhead at turn ${LONG - 10}`, 'ms', agent, around(LONG - 10), 1.6);
    add(`growth, turn 10 to ${LONG - 10}`, 'x', agent, (around(LONG - 10) ?? 0) / (around(10) ?? 1));
    add(`peak memory, ${LONG} turns`, 'MB', agent, run.memory / 1e6, 1.3);
    const again = server.play(LONG_TASK.script);
    const resumed = await place.run('Go on.', { resume: true });
    add(`resume after ${LONG} turns`, 'ms', agent, (again[0]?.at ?? 0) - resumed.startedAt, 1.5);
    add('processor time of a resume', 'ms', agent, resumed.cpu);
  });
}

async function inPlace(stage: Stage, agent: Agent, work: (place: Place) => Promise<void>): Promise<void> {
  const place = await stage.place(agent);
  try {
    await work(place);
  } finally {
    await place.remove();
  }
}

/** Figures of a run that went another way than the script would mean nothing. */
function complete(task: Task, exchanges: readonly Exchange[]): void {
  const wanted = task.turns.length + 1;
  if (exchanges.length !== wanted) throw new Error(`${task.name}: ${exchanges.length} requests instead of ${wanted}`);
}

/** From the end of an answer to the next request, after turns of that kind. */
function overheads(task: Task, exchanges: readonly Exchange[], kind: Kind, from = 0): number[] {
  return task.turns.flatMap((of, turn) => {
    const answered = exchanges[turn];
    const next = exchanges[turn + 1];
    return of === kind && turn >= from && answered && next ? [next.at - answered.sentAt] : [];
  });
}

/** US cents at the price of the model, from the server's own accounting. */
function cost(exchanges: readonly Exchange[]): number {
  const { price } = tableProfile(MODEL);
  if (!price) throw new Error(`${MODEL} has no price`);
  const dollars = exchanges.reduce(
    (sum, { usage }) =>
      sum +
      (usage.input * price.input + usage.output * price.output + usage.cacheRead * price.cacheRead + usage.cacheWrite * price.cacheWrite) /
        1e6,
    0,
  );
  return dollars * 100;
}

function promptOf(exchange: Exchange | undefined): number {
  return exchange ? exchange.usage.input + exchange.usage.cacheRead + exchange.usage.cacheWrite : 0;
}

function cachedShare(exchanges: readonly Exchange[]): number {
  const read = exchanges.reduce((sum, { usage }) => sum + usage.cacheRead, 0);
  return read / exchanges.reduce((sum, exchange) => sum + promptOf(exchange), 0);
}

/** Everything that was sent before is read, nothing else can be. */
function idealShare(exchanges: readonly Exchange[]): number {
  const known = exchanges.slice(0, -1).reduce((sum, exchange) => sum + promptOf(exchange), 0);
  return known / exchanges.reduce((sum, exchange) => sum + promptOf(exchange), 0);
}

export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

function article(kind: Kind): string {
  return kind === 'edit' ? 'an edit' : `a ${kind}`;
}
