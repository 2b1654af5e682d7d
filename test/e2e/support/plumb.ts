import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { buildIfStale } from '../../support/build';
import { type Editor, exitOnSignals, workbenchQuery } from '../../support/editor-host/boot';
import { installEditorHost } from '../../support/editor-host/install';
import { LEAN } from '../../support/editor-host/lean';
import { repository } from '../../support/editor-host/paths';
import { type ModelServer, type Script, startModelServer } from '../../support/model-server/server';
import { scratchWorkspace } from '../../support/workspace';
import { findPanel } from './find-panel';
import { closeHosts, giveBack, type Host, takeHost } from './hosts';

export type PlumbOptions = {
  /** What the model says; without a script the embedded demo model answers. */
  readonly script?: Script;
  /** User settings. The storage folder is set already: a fresh one. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly workspaceTrust?: boolean;
  /** Open no folder. */
  readonly noFolder?: boolean;
  /** Files that are in the folder before it is opened, by their paths: an editor that has just started may not see what comes. */
  readonly files?: Readonly<Record<string, string>>;
  /** What stands in the workspace file that is opened instead of the folder. */
  readonly workspace?: (folder: string) => { readonly folders: readonly Readonly<Record<string, string>>[] };
  /** Further extensions, each a folder. */
  readonly extensions?: readonly string[];
  /** Test the packaged extension instead of the repository's folder. */
  readonly vsix?: string;
};

/** A window of VS Code in a real browser, with Plumb in it and a copy of the sample project open. */
export type Plumb = {
  readonly page: Page;
  /** @throws Error when the window runs on the demo model */
  readonly model: ModelServer;
  readonly folder: string;
  readonly storage: string;
  readonly dataFolder: string;
  /** The panel's document as it is now: a reload makes a new one, so do not keep it. */
  panel(): Promise<Frame>;
  /** Types into the composer and presses Enter. */
  send(text: string): Promise<void>;
  /** Runs a command by its title, through the palette. */
  command(title: string): Promise<void>;
  /** Opens a file of the workspace by its relative path, as Ctrl+P does. */
  open(path: string): Promise<void>;
  /** Reloads the window and waits for the panel. */
  reload(): Promise<void>;
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
};

const RESULTS = join(repository, 'test-results');

/** Opens Plumb. Takes six to twelve seconds, so a `describe` shares one where it can: see `usePlumb`. */
export async function openPlumb(options: PlumbOptions = {}): Promise<Plumb> {
  await buildIfStale();
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const workspace = await scratchWorkspace();
    closers.push(workspace.remove);
    for (const [path, text] of Object.entries(options.files ?? {})) {
      mkdirSync(dirname(join(workspace.folder, path)), { recursive: true });
      writeFileSync(join(workspace.folder, path), text);
    }
    const kind = {
      host: await installEditorHost(),
      onModelServer: options.script !== undefined,
      workspaceTrust: options.workspaceTrust === true,
      vsix: options.vsix,
      env: options.env ?? {},
    };
    const host = await takeHost(kind, {
      ...LEAN,
      'workbench.secondarySideBar.defaultVisibility': 'visible',
      'plumb.storagePath': workspace.storage,
      ...options.settings,
    });
    closers.push(() => giveBack(kind, host));
    const model = options.script ? await startModelServer(options.script, { port: host.modelPort }) : undefined;
    if (model) closers.push(model.close);
    const page = await openPage(host, options, workspace.folder);
    return {
      ...driver(page, workspace, host.editor),
      get model() {
        if (!model) throw new Error('This window runs on the demo model: give `script` to open it on a model server.');
        return model;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPage({ context, editor }: Host, options: PlumbOptions, folder: string): Promise<Page> {
  const page = await context.newPage();
  if (options.viewport) await page.setViewportSize(options.viewport);
  const logged: string[] = [];
  page.on('console', (message) => logged.push(`[${message.type()}] ${message.text()}`));
  page.on('close', () => {
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(join(RESULTS, 'e2e-editor.log'), [editor.log(), ...logged].join('\n'));
  });
  const query = workbenchQuery({ folder, extension: options.vsix ? undefined : repository, neighbours: options.extensions });
  await page.goto(editor.url + query.replace(/folder=[^&]*/, (given) => whatToOpen(options, folder) ?? given));
  await findPanel(page);
  return page;
}

function whatToOpen({ noFolder, workspace }: PlumbOptions, folder: string): string | undefined {
  if (noFolder) return 'ew=true';
  if (!workspace) return undefined;
  const file = join(folder, '..', 'several.code-workspace');
  writeFileSync(file, JSON.stringify(workspace(folder)));
  return `workspace=${encodeURIComponent(file)}`;
}

function driver(page: Page, workspace: { folder: string; storage: string }, editor: Editor): Omit<Plumb, 'model' | 'close'> {
  const panel = () => findPanel(page);
  return {
    page,
    folder: workspace.folder,
    storage: workspace.storage,
    dataFolder: editor.dataFolder,
    panel,
    async send(text) {
      const composer = (await panel()).locator('textarea').first();
      await composer.fill(text);
      await composer.press('Enter');
    },
    async command(title) {
      await page.keyboard.press('F1');
      await quickPick(page, `>${title}`, title);
    },
    async open(path) {
      await page.keyboard.press('ControlOrMeta+P');
      const name = path.split('/').at(-1) ?? path;
      await quickPick(page, path, name);
      await page.locator('.tab.active', { hasText: name }).waitFor();
    },
    async reload() {
      await page.reload();
      await findPanel(page);
    },
    async screenshot(name) {
      mkdirSync(RESULTS, { recursive: true });
      const path = join(RESULTS, `${name.replace(/[^\w-]+/g, '-').slice(0, 120)}.png`);
      await page.screenshot({ path });
      writeFileSync(path.replace(/png$/, 'log'), editor.log());
      return path;
    },
  };
}

/** Types into the quick pick and takes the row of exactly that name, once it is there: the list lags behind. */
async function quickPick(page: Page, text: string, name: string): Promise<void> {
  const input = page.locator('.quick-input-widget input[type=text]').first();
  await input.waitFor();
  await input.fill(text);
  const label = page.locator('.label-name').getByText(name, { exact: true });
  await page.locator('.quick-input-list .monaco-list-row').filter({ has: label }).first().click();
}

/**
 * One window for the tests of a `describe`, closed after them; a failed test leaves a picture in test-results/. What
 * it returns is for use inside tests.
 */
export function usePlumb(options: PlumbOptions = {}): () => Plumb {
  return useWindow(
    () => openPlumb(options),
    (plumb) => plumb.close(),
  );
}

let common: Plumb | undefined;

/**
 * The same, for tests that mind neither what the folder and the list of sessions hold already nor who was there before:
 * they share one window with a model server without a script, in a new session. Whoever changes more puts it back.
 */
export function useCommonPlumb(): () => Plumb {
  return useWindow(
    async () => {
      const plumb = common ?? (await openPlumb({ script: [] }));
      if (common) await tidy(common);
      common = undefined;
      return plumb;
    },
    async (plumb, failed) => {
      if (failed) await plumb.close();
      else common = plumb;
    },
  );
}

after(async () => {
  await common?.close();
  common = undefined;
  await closeHosts();
});

/** Nothing open but the chat, with an empty composer in a new session. */
async function tidy(plumb: Plumb): Promise<void> {
  await plumb.command('View: Close All Editors');
  await plumb.command('Plumb: Start new session');
  const panel = await plumb.panel();
  await panel.locator('.empty').waitFor();
  for (const chip = panel.locator('.composer .chip-remove').first(); (await chip.count()) > 0; ) await chip.click();
  await panel.locator('textarea').first().fill('');
}

function useWindow(open: () => Promise<Plumb>, leave: (plumb: Plumb, failed: boolean) => Promise<void>): () => Plumb {
  let plumb: Plumb | undefined;
  let failed = false;
  before(async function () {
    this.timeout(180_000);
    exitOnSignals();
    plumb = await open();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed' || !plumb) return;
    failed = true;
    console.log(`    picture: ${await plumb.screenshot(this.currentTest.fullTitle())}`);
  });
  after(async () => {
    if (plumb) await leave(plumb, failed);
  });
  return () => {
    if (!plumb) throw new Error('The window is not open yet: use it inside a test or a hook.');
    return plumb;
  };
}
