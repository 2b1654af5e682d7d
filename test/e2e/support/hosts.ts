import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { bootEditor, type Editor, workbenchSettings } from '../../support/editor-host/boot';
import { launchBrowser } from '../../support/editor-host/browser';
import type { EditorHost } from '../../support/editor-host/install';
import { startModelServer } from '../../support/model-server/server';

/** What an editor server is started with; windows that need the same share one, each with a folder of its own. */
export type HostOptions = {
  readonly host: EditorHost;
  readonly onModelServer: boolean;
  readonly workspaceTrust: boolean;
  readonly vsix: string | undefined;
  readonly env: Readonly<Record<string, string>>;
};

/** An editor server and a browser for it. To start them costs twice as much as to open a window in them. */
export type Host = {
  readonly editor: Editor;
  readonly context: BrowserContext;
  /** Where the model server of each window listens in turn: the editor's server was told once. */
  readonly modelPort: number | undefined;
  /** Makes it as it was when new, for the next window: no page, no state, these settings. */
  readonly renew: (settings: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** The tests decide who answers; a key or address in the environment of whoever runs them must not. */
const NO_MODEL = { ANTHROPIC_API_KEY: '', ANTHROPIC_AUTH_TOKEN: '', ANTHROPIC_BASE_URL: '' };

const free = new Map<string, Host>();

/** A host of that kind that nobody uses, as good as new, or a new one. Give it back with `giveBack`. */
export async function takeHost(options: HostOptions, settings: Readonly<Record<string, unknown>>): Promise<Host> {
  const key = keyOf(options);
  const host = free.get(key);
  if (!host) return startHost(options, settings);
  free.delete(key);
  await host.renew(settings);
  return host;
}

/** For the next window of its kind; closed when there is one already. */
export async function giveBack(options: HostOptions, host: Host): Promise<void> {
  const key = keyOf(options);
  // What is installed stays installed, so the next would not be as new.
  if (options.vsix || free.has(key)) return host.close();
  await leavePages(host.context);
  free.set(key, host);
}

/** After the last test. */
export async function closeHosts(): Promise<void> {
  const hosts = [...free.values()];
  free.clear();
  for (const host of hosts) await host.close();
}

const keyOf = ({ onModelServer, workspaceTrust, vsix, env }: HostOptions) => JSON.stringify([onModelServer, workspaceTrust, vsix, env]);

async function startHost(options: HostOptions, settings: Readonly<Record<string, unknown>>): Promise<Host> {
  const modelPort = options.onModelServer ? await freePort() : undefined;
  const editor = await bootEditor({
    host: options.host,
    settings,
    fewExtensions: true,
    env: {
      ...NO_MODEL,
      PLUMB_START: '1',
      ...(modelPort !== undefined && { ANTHROPIC_BASE_URL: `http://127.0.0.1:${modelPort}`, ANTHROPIC_API_KEY: 'test-key' }),
      ...options.env,
    },
    workspaceTrust: options.workspaceTrust,
    install: options.vsix ? [options.vsix] : [],
  });
  const browser = await launchBrowser(options.host).catch(async (error: unknown) => {
    await editor.close();
    throw error;
  });
  // A context of its own, in which a test may open further windows.
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, reducedMotion: 'reduce' });
  // The editor's server alone has no half of the key that the page encrypts its secret storage with. Not by `route`,
  // which would switch the browser's cache off.
  await context.addInitScript(() => {
    const ask = window.fetch;
    window.fetch = (input, init) =>
      String(input instanceof Request ? input.url : input).endsWith('/mint-key')
        ? Promise.resolve(new Response(new Uint8Array(32).fill(7)))
        : ask(input, init);
  });
  return {
    editor,
    context,
    modelPort,
    async renew(next) {
      await leavePages(context);
      for (const place of ['User', 'Machine'])
        await writeFile(join(editor.dataFolder, 'user', place, 'settings.json'), JSON.stringify(workbenchSettings(next), null, 2));
      const page = await context.newPage();
      const devtools = await context.newCDPSession(page);
      await devtools.send('Storage.clearDataForOrigin', {
        origin: new URL(editor.url).origin,
        storageTypes: 'local_storage,indexeddb,cookies',
      });
      await page.close();
    },
    async close() {
      await browser.close();
      await editor.close();
    },
  };
}

/** A page that goes elsewhere first says goodbye to its extension host, which then ends; one that is closed may not. */
async function leavePages(context: BrowserContext): Promise<void> {
  for (const page of context.pages()) {
    await page.goto('about:blank');
    await page.close();
  }
}

async function freePort(): Promise<number> {
  const server = await startModelServer();
  await server.close();
  return Number(new URL(server.url).port);
}
