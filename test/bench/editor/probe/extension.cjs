const { writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const Module = require('node:module');
const { join } = require('node:path');
const vscode = require('vscode');

/**
 * Stands in every measured window, beside the extension that is measured: clocks the other's activation from within
 * the extension host, offers a button that shows its view, and runs commands of the editor for the bench.
 */
exports.activate = (context) => {
  const { BENCH_TARGET = '', BENCH_VIEW = '', BENCH_PORT_FILE = '' } = process.env;
  const activated = clockActivation(BENCH_TARGET);

  const button = vscode.window.createStatusBarItem('bench.open', vscode.StatusBarAlignment.Left, 10_000);
  button.text = 'Bench';
  button.command = `${BENCH_VIEW}.focus`;
  button.show();

  const server = createServer(async (request, response) => {
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { command, args } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      const value = command === 'bench.activation' ? await activated : await vscode.commands.executeCommand(command, ...args);
      response.end(JSON.stringify({ value: value ?? null }));
    } catch (error) {
      response.end(JSON.stringify({ error: String(error) }));
    }
  });
  server.listen(0, '127.0.0.1', () => writeFileSync(BENCH_PORT_FILE, `${server.address().port} ${process.pid}\n`));
  context.subscriptions.push(button, { dispose: () => server.close() });
};

/** Milliseconds from the moment the editor loads the other's code, when it sees fit, until it is active. */
function clockActivation(id) {
  const target = vscode.extensions.getExtension(id);
  if (!target) throw new Error(`The editor has not loaded ${id}.`);
  const main = join(target.extensionPath, target.packageJSON.main);
  const load = Module._load;
  return new Promise((resolve) => {
    Module._load = function (request, ...rest) {
      if (request === main) {
        Module._load = load;
        const startedAt = performance.now();
        // By then its activation is under way, and this is its promise.
        setTimeout(() => resolve(target.activate().then(() => performance.now() - startedAt)));
      }
      return load.call(this, request, ...rest);
    };
  });
}
