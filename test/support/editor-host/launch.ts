import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootEditor, exitOnSignals, workbenchQuery } from './boot';
import { launchBrowser } from './browser';
import { installEditorHost } from './install';
import { LEAN } from './lean';
import { MARK, MARK_VARIABLE } from './mark';
import { repository } from './paths';

/**
 * Stands where the desktop executable stands in `@vscode/test-electron`: takes the same arguments, runs the test
 * module inside the extension host of the editor host, and ends with its exit code.
 */
export async function launch(args: readonly string[]): Promise<number> {
  exitOnSignals();
  const options = readArguments(args);
  const host = await installEditorHost();
  const { workspaceTrust, install, settings } = options;
  const editor = await bootEditor({
    host,
    workspaceTrust,
    install,
    settings: { ...LEAN, ...settings },
    fewExtensions: true,
    env: { [MARK_VARIABLE]: '1' },
  });
  const noise: string[] = [];
  const print = (kind: string, args: unknown) => {
    const text = (Array.isArray(args) ? args : [args]).map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))).join(' ');
    if (text.startsWith(MARK)) process.stdout.write(`${text.slice(MARK.length)}\n`);
    else noise.push(`[${kind}] ${text}`);
  };
  try {
    const browser = await launchBrowser(host);
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      const finished = new Promise<number>((resolve, reject) => {
        // The two functions by which a page reports to its driver; they must be there before it loads.
        void Promise.all([page.exposeFunction('codeAutomationLog', print), page.exposeFunction('codeAutomationExit', resolve)])
          .then(() => page.goto(editor.url + workbenchQuery(options)))
          .catch(reject);
        page.on('crash', () => reject(new Error('The page of the workbench crashed.')));
        browser.on('disconnected', () => reject(new Error('The browser ended before the tests did.')));
        void editor.exited.then((code) => reject(new Error(`The editor's server ended with code ${code}:\n${editor.log()}`)));
      });
      return await finished;
    } finally {
      await browser.close();
    }
  } finally {
    await editor.close();
    await mkdir(join(repository, 'test-results'), { recursive: true });
    await writeFile(join(repository, 'test-results/editor-host.log'), [editor.log(), ...noise].join('\n'));
  }
}

const DEVELOPED = '--extensionDevelopmentPath=';

type Launch = {
  readonly folder: string;
  readonly extension?: string;
  readonly neighbours: readonly string[];
  readonly tests?: string;
  readonly workspaceTrust: boolean;
  readonly install: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
};

function readArguments(args: readonly string[]): Launch {
  const value = (name: string) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const developed = args.flatMap((arg) => (arg.startsWith(DEVELOPED) ? [arg.slice(DEVELOPED.length)] : []));
  const folder = args.find((arg) => !arg.startsWith('-'));
  if (!folder) throw new Error('The launcher needs the folder to open as its one plain argument.');
  return {
    folder,
    extension: developed[0],
    neighbours: developed.slice(1),
    tests: value('extensionTestsPath'),
    // `runTests` always passes `--disable-workspace-trust`; a suite about trust says so with an argument of its own.
    workspaceTrust: args.includes('--ask-workspace-trust'),
    install: args.filter((arg) => arg.startsWith('--install-extension=')).map((arg) => arg.slice('--install-extension='.length)),
    settings: JSON.parse(value('settings') ?? '{}') as Record<string, unknown>,
  };
}
