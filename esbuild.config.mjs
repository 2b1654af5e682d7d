// Bundles the product into dist/ (`--dev` with source maps, `--watch` keeps at it) and, with `--tests`, the suite
// that runs inside the extension host into dist-test/.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build, context } from 'esbuild';

const require = createRequire(import.meta.url);
const watch = process.argv.includes('--watch');
const dev = watch || process.argv.includes('--dev');
const tests = process.argv.includes('--tests');
const stamp = 'dist/.built.json';

const common = {
  bundle: true,
  minify: !dev,
  sourcemap: dev ? 'linked' : false,
  logLevel: 'warning',
  legalComments: 'none',
  metafile: true,
};
const host = { ...common, platform: 'node', target: 'node20', external: ['vscode'], plugins: [leanZod()] };

const product = [
  {
    ...host,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.cjs',
    format: 'cjs',
    // The grammar's loader asks for the address of its module, which a CommonJS bundle does not have.
    define: { 'import.meta.url': '__bundle_url' },
    banner: { js: 'const __bundle_url = require("node:url").pathToFileURL(__filename).href;' },
    plugins: [...host.plugins, apart('vscode-languageclient/node', './language-client.cjs')],
    // What lies apart is required: the editor hands itself only to what is.
    supported: { 'dynamic-import': false },
    // Its module for `import` calls its own variable `require` in the place of what an import became.
    alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
  },
  {
    ...host,
    entryPoints: { 'language-client': 'vscode-languageclient/node' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
  },
  {
    ...host,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    format: 'esm',
    // Dependencies in CommonJS call `require`, which an ES module does not have.
    banner: { js: '#!/usr/bin/env node\nimport { createRequire as __cr } from "node:module"; const require = __cr(import.meta.url);' },
  },
  {
    ...common,
    platform: 'browser',
    target: 'chrome134',
    entryPoints: { webview: 'webview/main.tsx', log: 'webview/log/main.tsx' },
    outdir: 'dist',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    alias: { react: 'preact/compat' },
  },
];

/** The grammar of the shell classifier, which ships inside these packages. */
const wasm = [
  join(dirname(require.resolve('web-tree-sitter')), 'web-tree-sitter.wasm'),
  join(dirname(require.resolve('tree-sitter-bash/package.json')), 'tree-sitter-bash.wasm'),
];

const inHostSuite = {
  ...common,
  minify: false,
  sourcemap: 'inline',
  platform: 'node',
  target: 'node22',
  external: ['vscode', 'mocha'],
  entryPoints: ['test/host/index.ts', ...hostTests()],
  outbase: 'test/host',
  outdir: 'dist-test',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  jsx: 'automatic',
  jsxImportSource: 'preact',
};

try {
  await run();
} catch (error) {
  // What does not compile has been printed already.
  if (!error.errors) console.error(error.message);
  process.exit(1);
}

async function run() {
  if (tests) {
    rmSync('dist-test', { recursive: true, force: true });
    await build(inHostSuite);
  } else if (watch) {
    copyWasm();
    for (const options of product) await (await context({ ...options, logLevel: 'info' })).watch();
    console.log('watching');
  } else {
    const results = await Promise.all(product.map((options) => build(options)));
    keepOutOfPanel(
      results.flatMap(({ metafile }) => Object.values(metafile.outputs).filter((output) => output.entryPoint?.startsWith('webview/'))),
    );
    const files = [...results.flatMap((result) => Object.keys(result.metafile.outputs)), ...copyWasm()];
    if (!dev) keepPlain(results.flatMap((result) => Object.keys(result.metafile.outputs)));
    // A build removes what an earlier one made (source maps most of all) and nothing else: a stray file in dist/ is left
    // for the package check to name.
    for (const old of earlierFiles()) if (!files.includes(old)) rmSync(old, { force: true });
    writeFileSync(stamp, `${JSON.stringify({ kind: dev ? 'development' : 'production', files })}\n`);
  }
}

/**
 * Imports zod as a namespace. Through its `z`, esbuild would keep all of it, languages and all: four times the size and
 * 15 ms at every start.
 */
function leanZod() {
  return {
    name: 'lean-zod',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
        if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
        return { contents: readFileSync(path, 'utf8').replace("import { z } from 'zod'", "import * as z from 'zod'"), loader: 'ts' };
      });
    },
  };
}

/** A package that few people need, in a file beside the bundle: nobody else's window reads it. */
function apart(name, file) {
  return {
    name: 'apart',
    setup({ onResolve }) {
      onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: file, external: true }));
    },
  };
}

/** One other character, and V8 holds the whole bundle at twice its size. */
function keepPlain(files) {
  for (const file of files.filter((name) => /\.c?js$/.test(name))) {
    const at = readFileSync(file, 'utf8').search(/[^\0-\x7f]/);
    if (at >= 0)
      throw new Error(`${file} must be plain ASCII; write this with an escape: ${readFileSync(file, 'utf8').slice(at - 40, at + 20)}`);
  }
}

/** The panel's page takes types from src/ and the state machine, nothing that would bring the harness or zod along. */
function keepOutOfPanel(outputs) {
  const foreign = outputs
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && /^src\/(?!protocol\/)|node_modules\/zod\//.test(path))
    .map(([path]) => path);
  if (foreign.length > 0) throw new Error(`The panel's bundle must not hold ${foreign.join(', ')}: import types only.`);
}

function copyWasm() {
  mkdirSync('dist', { recursive: true });
  return wasm.map((from) => {
    const to = `dist/${basename(from)}`;
    cpSync(from, to);
    return to;
  });
}

function earlierFiles() {
  return existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')).files : [];
}

function hostTests() {
  return readdirSync('test/host', { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/host/${name}`);
}
