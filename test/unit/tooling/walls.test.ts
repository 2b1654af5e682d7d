import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { repository } from '../../support/editor-host/paths';

const WALL = 'lint/style/noRestrictedImports';

/** One planted violation for each rule that the house is built on: the file, its text, the rule that must fire. */
const PLANTED: readonly (readonly [path: string, text: string, rule: string])[] = [
  ['src/protocol/a.ts', `import { x } from '../core/x';\nexport const a = x;\n`, WALL],
  ['src/protocol/b.ts', `import * as x from 'vscode';\nexport const a = x;\n`, WALL],
  ['src/protocol/c.ts', `import x from 'diff';\nexport const a = x;\n`, WALL],
  ['src/core/a.ts', `import * as x from 'vscode';\nexport const a = x;\n`, WALL],
  ['src/core/b.ts', `import * as x from 'node:fs';\nexport const a = x;\n`, WALL],
  ['src/core/b2.ts', `import * as x from 'fs';\nexport const a = x;\n`, 'lint/style/useNodejsImportProtocol'],
  ['src/core/c.ts', `import x from '@anthropic-ai/sdk';\nexport const a = x;\n`, WALL],
  ['src/core/d.ts', `import { x } from '../tools/x';\nexport const a = x;\n`, WALL],
  ['src/core/permission/e.ts', `import { x } from '../../model/x';\nexport const a = x;\n`, WALL],
  ['src/core/f.ts', `import { x } from '../node/x';\nexport const a = x;\n`, WALL],
  ['src/core/g.ts', `import { x } from '../editor/x';\nexport const a = x;\n`, WALL],
  ['src/core/h.ts', `import { x } from '../cli/x';\nexport const a = x;\n`, WALL],
  ['src/core/i.ts', `import { x } from '../demo/x';\nexport const a = x;\n`, WALL],
  ['src/core/j.ts', `import type { X } from 'vscode';\nexport type A = X;\n`, WALL],
  ['src/core/k.ts', `export const a = () => import('node:os');\n`, WALL],
  ['src/tools/a.ts', `import * as x from 'vscode';\nexport const a = x;\n`, WALL],
  ['src/tools/shell/b.ts', `import * as x from 'node:child_process';\nexport const a = x;\n`, WALL],
  ['src/tools/c.ts', `import { x } from '../editor/x';\nexport const a = x;\n`, WALL],
  ['src/extend/a.ts', `import { x } from '../node/x';\nexport const a = x;\n`, WALL],
  ['src/model/a.ts', `import * as x from 'vscode';\nexport const a = x;\n`, WALL],
  ['src/model/b.ts', `import { x } from '../tools/x';\nexport const a = x;\n`, WALL],
  ['src/editor/a.ts', `import * as x from 'node:fs';\nexport const a = x;\n`, WALL],
  ['src/editor/b.ts', `import x from '@anthropic-ai/sdk';\nexport const a = x;\n`, WALL],
  ['src/editor/panel/c.ts', `import { x } from '../../node/x';\nexport const a = x;\n`, WALL],
  ['src/node/a.ts', `import * as x from 'vscode';\nexport const a = x;\n`, WALL],
  ['src/node/b.ts', `import { x } from '../tools/x';\nexport const a = x;\n`, WALL],
  ['src/demo/a.ts', `import x from '@anthropic-ai/sdk';\nexport const a = x;\n`, WALL],
  ['src/demo/b.ts', `import { x } from '../core/x';\nexport const a = x;\n`, WALL],
  ['src/cli/a.ts', `import * as x from 'vscode';\nexport const a = x;\n`, WALL],
  ['src/cli/b.ts', `import { x } from '../editor/x';\nexport const a = x;\n`, WALL],
  ['webview/a.ts', `import { z } from 'zod';\nexport const a = z;\n`, WALL],
  ['webview/cards/b.ts', `import { x } from '../../src/core/x';\nexport const a = x;\n`, WALL],
  ['webview/c.ts', `import { x } from '../src/editor/x';\nexport const a = x;\n`, WALL],
  ['webview/c2.ts', `import { x } from '../src/model/x';\nexport const a = x;\n`, WALL],
  ['webview/d.ts', `import { x } from '@vscode/webview-ui-toolkit';\nexport const a = x;\n`, WALL],
  ['webview/ui/e.ts', `import * as x from 'node:fs';\nexport const a = x;\n`, WALL],
  ['src/core/any.ts', 'export const a: any = 1;\n', 'lint/suspicious/noExplicitAny'],
  ['src/core/null.ts', `export const a = (b?: string) => b!.length;\n`, 'lint/style/noNonNullAssertion'],
  ['src/core/CamelCase.ts', 'export const a = 1;\n', 'lint/style/useFilenamingConvention'],
  ['src/core/long.ts', 'export const a = 1;\n'.repeat(401), 'lint/style/noExcessiveLinesPerFile'],
  ['src/core/float.ts', `const later = async () => 1;\nexport const a = () => {\n  later();\n};\n`, 'lint/nursery/noFloatingPromises'],
  ['src/core/round.ts', `import { b } from './trip';\nexport const a = () => b;\n`, 'lint/suspicious/noImportCycles'],
  ['src/core/trip.ts', `import { a } from './round';\nexport const b = () => a;\n`, 'lint/suspicious/noImportCycles'],
];

/** What the walls must let through, so that they are walls and not a stop. */
const ALLOWED: readonly (readonly [path: string, text: string])[] = [
  ['src/extension.ts', `import * as x from 'vscode';\nimport { y } from './node/y';\nexport const a = [x, y];\n`],
  ['src/protocol/ok.ts', `import { z } from 'zod';\nimport { y } from './y';\nexport const a = [z, y];\n`],
  ['src/core/ok.ts', `import { x } from '../protocol/x';\nimport { y } from './y';\nexport const a = [x, y];\n`],
  ['src/tools/ok.ts', `import { x } from '../core/x';\nexport const a = x;\n`],
  ['src/model/ok.ts', `import x from '@anthropic-ai/sdk';\nimport { y } from '../core/y';\nexport const a = [x, y];\n`],
  ['src/editor/ok.ts', `import * as x from 'vscode';\nimport { y } from '../core/y';\nexport const a = [x, y];\n`],
  ['src/node/ok.ts', `import * as x from 'node:fs';\nimport { y } from '../core/y';\nexport const a = [x, y];\n`],
  ['src/demo/ok.ts', `import * as x from 'node:http';\nimport { y } from '../protocol/y';\nexport const a = [x, y];\n`],
  [
    'src/cli/ok.ts',
    `import * as x from 'node:fs';\nimport { y } from '../node/y';\nimport { z } from '../model/z';\nexport const a = [x, y, z];\n`,
  ],
  ['webview/ok.ts', `import type { X } from '../src/protocol/x';\nexport type A = X;\n`],
  ['webview/ui/ok.ts', `import { x } from '@vscode/webview-ui-toolkit';\nexport const a = x;\n`],
];

const zReport = z.object({
  diagnostics: z.array(
    z.object({ category: z.string(), location: z.object({ path: z.union([z.string(), z.object({ file: z.string() })]) }) }),
  ),
});

describe('the walls of the house', () => {
  const fired = new Map<string, Set<string>>();
  let folder = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'plumb-walls-'));
    cpSync(join(repository, 'biome.json'), join(folder, 'biome.json'));
    cpSync(join(repository, '.gitignore'), join(folder, '.gitignore'));
    for (const [path, text] of [...PLANTED, ...ALLOWED]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const biome = spawnSync(join(repository, 'node_modules/.bin/biome'), ['lint', '--reporter=json', '--max-diagnostics=500', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const report = zReport.parse(JSON.parse(biome.stdout));
    for (const { category, location } of report.diagnostics) {
      const path = typeof location.path === 'string' ? location.path : location.path.file;
      const rules = fired.get(path.replace(/^\.\//, '')) ?? new Set();
      fired.set(path.replace(/^\.\//, ''), rules.add(category));
    }
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [path, text, rule] of PLANTED) {
    it(`${rule.split('/').at(-1)} fires in ${path}: ${text.split('\n')[0]?.slice(0, 60)}`, () => {
      assert.ok(fired.get(path)?.has(rule), `found: ${[...(fired.get(path) ?? [])].join(', ') || 'nothing'}`);
    });
  }

  for (const [path] of ALLOWED) {
    it(`lets ${path} import what it may`, () => {
      assert.equal(fired.get(path)?.has(WALL) ?? false, false);
    });
  }
});
