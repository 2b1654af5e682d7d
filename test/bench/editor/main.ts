import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Frame } from 'playwright-core';
import { buildIfStale } from '../../support/build';
import { exitOnSignals } from '../../support/editor-host/boot';
import { repository } from '../../support/editor-host/paths';
import { reply } from '../../support/model-server/reply';
import { scratchWorkspace } from '../../support/workspace';
import { AGENTS, type Agent, MODEL } from '../agents';
import { createFigures } from '../figures';
import { type BenchServer, now, startBenchServer } from '../server';
import { table } from '../table';
import { writeFloorExtension } from './floor';
import { windowMemory } from './processes';
import { lastWords, longSession, titleOf, writeSession } from './sessions';
import { intervals, lags, share, watchFrames } from './watch';
import { type EditorWindow, openWindow } from './window';

/**
 * `npm run bench:editor`: the product in the real editor against a bare extension with one webview, in windows of
 * their own that are opened by turns. It informs and never fails.
 */

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' }, sizes: { type: 'string', default: '100,1000,10000' } } });
const runs = Math.max(1, Number.parseInt(values.runs, 10) || 1);
const sizes = values.sizes.split(',').map(Number);
/** Words of a streamed reply, one a delta, more than 500 a second. */
const WORDS = 2000;
/** The same length for every word, so that each delta is one. */
const word = (n: number) => `w${String(n).padStart(5, '0')}${n % 25 === 24 ? '\n\n' : '  '}`;
const FRAMES_MS = 2000;

const figures = createFigures();
exitOnSignals();
await buildIfStale();
const server = await startBenchServer();
const workspace = await scratchWorkspace();
const floor = await mkdtemp(join(tmpdir(), 'plumb-bench-floor-'));
try {
  await writeFloorExtension(floor);
  for (const size of sizes) await writeSession(workspace.storage, `long-${size}`, longSession(`long-${size}`, workspace.folder, size));
  for (let run = 0; run < runs; run++) {
    process.stdout.write(run === 0 ? `1 of ${runs}` : `, ${run + 1}`);
    for (const agent of AGENTS) await inWindow(agent, agent === 'ours' ? ours : bare);
  }
  console.log(`\n\n${table(figures.all())}\n`);
  console.log(`Median of ${runs} ${runs === 1 ? 'window' : 'windows'} (least to most); ${cpus().length} processors.`);
} catch (error) {
  console.error(`\nThe bench did not come to its end: ${error instanceof Error ? error.stack : String(error)}`);
} finally {
  await server.close();
  await workspace.remove();
  await rm(floor, { recursive: true, force: true });
}

async function inWindow(agent: Agent, more: (window: EditorWindow, frame: Frame) => Promise<void>): Promise<void> {
  const window = await openWindow({
    extension: agent === 'ours' ? repository : floor,
    folder: workspace.folder,
    settings: { 'plumb.storagePath': workspace.storage, 'plumb.model': MODEL },
    env: { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'bench', ANTHROPIC_AUTH_TOKEN: '' },
  });
  try {
    const add = (...[name, unit, value, target]: [string, 'ms' | 'MB', number | undefined, number?]) =>
      figures.add(name, unit, agent, value, target);
    add('activation', 'ms', await window.activation(agent === 'ours' ? 'Plumb' : 'floor'));
    const { frame, ms } = await window.openPanel();
    add('click to usable input', 'ms', ms, 2);
    add('memory of the extension host', 'MB', await window.hostMemory());
    add('memory of the window', 'MB', await windowMemory(window.browser), 1.3);
    await more(window, frame);
  } finally {
    await window.close();
  }
}

/** What the machine itself does to a page in which nothing happens. */
async function bare(window: EditorWindow, frame: Frame): Promise<void> {
  const watching = await watchFrames(frame);
  await window.page.waitForTimeout(FRAMES_MS);
  const { frames, longest } = await watching.stop();
  for (const size of sizes) {
    figures.add(`${size} events: longest frame of a stream`, 'ms', 'floor', Math.max(0, ...intervals(frames)));
    figures.add(`${size} events: longest task of a stream`, 'ms', 'floor', longest);
    figures.add(`${size} events: memory of the window`, 'MB', 'floor', await windowMemory(window.browser), 1.3);
  }
}

async function ours(window: EditorWindow, frame: Frame): Promise<void> {
  for (const size of sizes) {
    const add = (name: string, unit: 'ms' | 'MB', value: number | undefined, target?: number) =>
      figures.add(`${size} events: ${name}`, unit, 'ours', value, target);
    add('first paint', 'ms', await openSession(frame, size));
    add('memory of the window', 'MB', await windowMemory(window.browser), 1.3);
    const { sent, frames, longest } = await stream(frame, server);
    const late = lags(frames, sent);
    add('behind the stream, half', 'ms', share(late, 0.5));
    add('behind the stream, 99 %', 'ms', share(late, 0.99));
    add('longest frame of a stream', 'ms', Math.max(0, ...intervals(frames)));
    add('longest task of a stream', 'ms', longest);
    const seconds = ((sent.at(-1) ?? 0) - (sent[0] ?? 0)) / 1000;
    figures.add(`${size} events: deltas a second`, 'x', 'ours', sent.length / seconds);
  }
  figures.add('memory of the extension host at the end', 'MB', 'ours', await window.hostMemory());
}

/** From the click on a session in the list to its last words on the page. */
async function openSession(frame: Frame, size: number): Promise<number> {
  await frame.getByRole('button', { name: 'Sessions' }).click();
  const row = frame.locator('.session-main', { hasText: titleOf(size) }).first();
  await row.waitFor();
  const startedAt = now();
  await row.click();
  await frame.getByText(lastWords(size)).last().waitFor();
  return now() - startedAt;
}

async function stream(frame: Frame, { play }: BenchServer) {
  const text = Array.from({ length: WORDS }, (_, n) => word(n)).join('');
  const exchanges = play(() => reply.text(`${text}And so it ended.`).pieces(word(0).length).slow({ delta: 1 }));
  const composer = frame.locator('textarea').first();
  await composer.fill('Tell me a long story.');
  const watching = await watchFrames(frame);
  await composer.press('Enter');
  await frame.getByText('And so it ended.').last().waitFor({ timeout: 120_000 });
  const noted = await watching.stop();
  return { ...noted, sent: (exchanges[0]?.deltasAt ?? []).slice(0, WORDS) };
}
