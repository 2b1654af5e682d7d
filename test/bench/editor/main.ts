import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Frame } from 'playwright-core';
import { z } from 'zod';
import { buildIfStale } from '../../support/build';
import { exitOnSignals } from '../../support/editor-host/boot';
import { repository } from '../../support/editor-host/paths';
import { reply } from '../../support/model-server/reply';
import { scratchWorkspace } from '../../support/workspace';
import { MODEL } from '../agents';
import { createFigures, type Goal, type Side, type Unit } from './figures';
import { startPacedServer } from './server';
import { type Length, lastWords, titleOf, writeSession } from './sessions';
import { PIECE, story, THE_END } from './story';
import { intervals, lags, quantile, watching } from './watch';
import { type EditorWindow, openWindow } from './window';

/**
 * `npm run bench:editor`: the product in the real editor against a bare extension with one webview, by turns in windows
 * of their own. Only ratios of one run mean something; it informs and never fails.
 */

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    rates: { type: 'string', default: '200,500' },
    messages: { type: 'string', default: '0,500,2000' },
    events: { type: 'string', default: '100,1000,10000' },
  },
});
const numbers = (text: string) => text.split(',').filter(Boolean).map(Number);
const runs = Math.max(1, Number(values.runs) || 1);
const seconds = Math.max(1, Number(values.seconds) || 1);
const rates = numbers(values.rates);
const streamed: readonly Length[] = numbers(values.messages).map((count) => ({ count, of: 'messages' }));
const opened: readonly Length[] = numbers(values.events).map((count) => ({ count, of: 'events' }));

/** What another agent takes: 1.9 s to activate and 430 MB in the extension host. */
const ACTIVATION: Goal = { most: 0.05 * 1900 };
const HOST_MEMORY: Goal = { above: 0.1 * 430 };
const WINDOW_MEMORY: Goal = { times: 1.3 };
const FRAME: Goal = { most: 50 };
const EDITS = 5;
/** Values of other types, one for each time that an edit brings a problem. */
const WRONG = ["'seven'", 'true', '[7]'];
const SCROLLED = { pixels: 60, frames: 120 };

const sides = {
  ours: { folder: repository, id: 'plumb.plumb', view: 'plumb.chat' },
  floor: { folder: join(import.meta.dirname, 'floor'), id: 'bench.floor', view: 'floor.view' },
} as const;

const figures = createFigures();
exitOnSignals();
await buildIfStale();
const server = await startPacedServer();
const workspace = await scratchWorkspace();
const edited = join(workspace.folder, 'src', 'edited.ts');
try {
  await mkdir(join(workspace.folder, 'src'), { recursive: true });
  for (const length of [...streamed, ...opened]) if (length.count > 0) await writeSession(workspace.storage, workspace.folder, length);
  for (let run = 1; run <= runs; run++) {
    for (const side of ['floor', 'ours'] as const) {
      console.log(`window ${run} of ${runs}, ${side}`);
      await inWindow(side, run === runs);
    }
  }
} catch (error) {
  console.error(`\nThe bench did not come to its end: ${error instanceof Error ? error.stack : String(error)}`);
} finally {
  await server.close();
  await workspace.remove();
}
console.log(`\n${figures.table()}\n`);
console.log(`Median of ${runs} windows (least to most) of all that comes before the streams; ${cpus().length} processors.`);

async function inWindow(side: Side, whole: boolean): Promise<void> {
  await writeFile(edited, `${Array.from({ length: 60 }, (_, line) => `export const value${line}: number = ${line};`).join('\n')}\n`);
  const window = await openWindow({
    extension: sides[side],
    folder: workspace.folder,
    settings: {
      'plumb.storagePath': workspace.storage,
      'plumb.model': MODEL,
      'plumb.mode': 'edit',
      ...Object.fromEntries(['maxRunTokens', 'maxSessionTokens', 'maxRunCost', 'maxCost'].map((limit) => [`plumb.${limit}`, 0])),
    },
    env: { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'bench', ANTHROPIC_AUTH_TOKEN: '' },
  });
  const add = (name: string, unit: Unit, value: number | undefined, goal?: Goal) => figures.add(name, unit, side, value, goal);
  try {
    add('activation', 'ms', await window.activation(), ACTIVATION);
    add('extension host before the panel', 'MB', await window.hostMemory(), HOST_MEMORY);
    const { frame, ms } = await window.openPanel();
    add('click to a usable input', 'ms', ms, { times: 2 });
    add('extension host', 'MB', await window.hostMemory(), HOST_MEMORY);
    add('memory of the window', 'MB', await window.windowMemory(), WINDOW_MEMORY);
    await attempt('edits', async () => {
      for (const edit of await (side === 'ours' ? editsByPlumb(frame) : editsByFloor(window)))
        add('edit with fresh diagnostics', 'ms', edit, { most: 300 });
    });
    if (whole) await attempt('long sessions', () => (side === 'ours' ? longSessions(window, frame) : bareStreams(window, frame)));
    add('extension host at the end', 'MB', whole ? await window.hostMemory() : undefined, HOST_MEMORY);
  } finally {
    await window.close();
  }
}

/** What cannot be measured is said, and the rest goes on. */
async function attempt(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(`  NOT MEASURED, ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Each edit brings a problem or mends it, and never the same problem twice: a run that goes in circles is stopped. */
function editAt(turn: number): readonly [from: string, to: string] {
  const [good, bad] = ['value7: number = 7;', `value7: number = ${WRONG[Math.floor(turn / 2)]};`];
  return turn % 2 === 0 ? [good, bad] : [bad, good];
}

/** Milliseconds of each edit; the first one starts the language server and does not count. */
async function editsByFloor(window: EditorWindow): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let turn = 0; turn <= EDITS; turn++)
    taken.push(z.number().parse(await window.run('floor.edit', edited, ...editAt(turn), turn % 2 === 0)));
  return taken.slice(1);
}

/** From the end of an answer that edits to the request that carries what came of it. */
async function editsByPlumb(frame: Frame): Promise<readonly number[]> {
  const answers = server.play(Number.POSITIVE_INFINITY, (request) => {
    const turn = request.turns.filter(({ role }) => role === 'assistant').length;
    if (turn > EDITS + 1) return reply.text(THE_END);
    if (turn === 0) return reply.tools([{ name: 'read_file', input: { path: edited } }]);
    const [old_text, new_text] = editAt(turn - 1);
    return reply.tools([{ name: 'edit_file', input: { path: edited, edits: [{ old_text, new_text }] } }]);
  });
  await say(frame, 'Change that value back and forth.');
  return answers.slice(2, -1).map(({ sentAt }, turn) => (answers[turn + 3]?.at ?? Number.NaN) - sentAt);
}

async function say(frame: Frame, text: string): Promise<void> {
  const ends = frame.locator('.transcript').getByText(THE_END);
  const before = await ends.count();
  const composer = frame.locator('textarea').first();
  await composer.fill(text);
  await composer.press('Enter');
  await ends.nth(before).waitFor({ timeout: 120_000, state: 'attached' });
}

async function longSessions(window: EditorWindow, frame: Frame): Promise<void> {
  const add = (name: string, unit: Unit, value: number | undefined, goal?: Goal) => figures.add(name, unit, 'ours', value, goal);
  for (const length of opened) {
    const of = `${length.count} events`;
    add(`${of}: first paint`, 'ms', await openSession(frame, length));
    add(`${of}: memory of the window`, 'MB', await window.windowMemory(), WINDOW_MEMORY);
    await scrolling(frame, '.transcript', of, 'ours');
  }
  for (const length of streamed) {
    if (length.count > 0) await openSession(frame, length);
    for (const rate of rates) {
      if (length.count === 0) {
        await window.run('plumb.newSession');
        await frame.locator('.item').first().waitFor({ state: 'detached' });
      }
      const answers = server.play(rate, () => reply.text(story(rate * seconds)).pieces(PIECE));
      await stream(window, frame, 'ours', `${rate} deltas/s after ${length.count} messages`, async () => {
        await say(frame, 'Tell me a long story.');
        return answers[0]?.deltasAt ?? [];
      });
    }
    add(`after ${length.count} messages: memory of the window`, 'MB', await window.windowMemory(), WINDOW_MEMORY);
  }
}

async function bareStreams(window: EditorWindow, frame: Frame): Promise<void> {
  const memory = await window.windowMemory();
  for (const rate of rates) {
    const answers = server.play(rate, () => reply.text(story(rate * seconds)).pieces(PIECE));
    const measured = streamed.map(({ count }) => `${rate} deltas/s after ${count} messages`);
    await stream(window, frame, 'floor', measured, async () => {
      await window.run('floor.stream', server.url, MODEL);
      await frame.getByText(THE_END).first().waitFor({ timeout: 120_000, state: 'attached' });
      return answers[0]?.deltasAt ?? [];
    });
  }
  for (const { count } of opened) figures.add(`${count} events: memory of the window`, 'MB', 'floor', memory, WINDOW_MEMORY);
  for (const { count } of opened) await scrolling(frame, '.scroller', `${count} events`, 'floor');
  const after = await window.windowMemory();
  for (const { count } of streamed) figures.add(`after ${count} messages: memory of the window`, 'MB', 'floor', after, WINDOW_MEMORY);
}

/** Streams while every frame is noted. A floor that does not depend on what came before stands for several measures. */
async function stream(
  window: EditorWindow,
  frame: Frame,
  side: Side,
  names: string | readonly string[],
  work: () => Promise<readonly number[]>,
): Promise<void> {
  let sentAt: readonly number[] = [];
  const noted = await watching(frame, async () => {
    sentAt = await work();
  });
  const late = lags(noted, sentAt).map((lag) => lag - window.clockSkew);
  const [from, to] = [sentAt[0] ?? 0, sentAt.at(-1) ?? 0].map((at) => at + window.clockSkew);
  const during = intervals({
    ...noted,
    frames: noted.frames.filter(({ at }) => from !== undefined && to !== undefined && at >= from && at <= to),
  });
  for (const name of [names].flat()) {
    figures.add(`${name}: behind, half`, 'ms', side, quantile(late, 0.5), FRAME);
    figures.add(`${name}: behind, 99 %`, 'ms', side, quantile(late, 0.99), FRAME);
    figures.add(`${name}: behind, most`, 'ms', side, quantile(late, 1), FRAME);
    figures.add(`${name}: longest frame`, 'ms', side, quantile(during, 1), FRAME);
    figures.add(`${name}: frames over 50 ms`, 'frames/s', side, during.filter((ms) => ms > 50).length / seconds);
  }
}

async function scrolling(frame: Frame, box: string, of: string, side: Side): Promise<void> {
  const noted = await watching(frame, async () => {
    await frame.evaluate(`bench.scroll(${JSON.stringify(box)}, ${SCROLLED.pixels}, ${SCROLLED.frames})`);
  });
  const apart = intervals(noted);
  const mean = apart.reduce((sum, ms) => sum + ms, 0) / apart.length;
  figures.add(`${of}: scrolling`, 'frames/s', side, 1000 / mean);
  figures.add(`${of}: longest frame of scrolling`, 'ms', side, quantile(apart, 1));
}

/** From the click on a session in the list to the frame in which its last words are drawn. */
async function openSession(frame: Frame, length: Length): Promise<number> {
  await frame.getByRole('button', { name: 'Sessions' }).first().click();
  const row = frame.locator('.session-main', { hasText: titleOf(length) }).first();
  await row.waitFor();
  const ms = await row.evaluate((element, text) => Reflect.get(window, 'bench').clickUntil(element, text), lastWords(length));
  return z.number().parse(ms);
}
