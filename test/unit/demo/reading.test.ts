import assert from 'node:assert/strict';
import { denial, hits, newErrors, problems } from '../../../src/demo/reading';
import { callAt, definitionsIn, importsIn, mask } from '../../../src/demo/source';
import { readTestReport } from '../../../src/demo/test-report';

const failed = (text: string) => ({ text, isError: true, interrupted: false });
const fine = (text: string) => ({ text, isError: false, interrupted: false });

describe('demo: what it reads out of results', () => {
  it('problems, as the tool lists them and as an edit reports them', () => {
    const listed =
      "src/a.js:3:7 error ts(2551): Property 'qty' does not exist on type 'Line'. Did you mean 'quantity'? [fix: Change spelling]";
    assert.deepEqual(
      problems(listed).map(({ path, line, severity }) => [path, line, severity]),
      [['src/a.js', 3, 'error']],
    );
    const edited =
      'Edited src/a.js: 1 replacement, now at line 3.\n2 new problems after these edits:\nsrc/b.js:1:2 error [ts 2305] No such export\nsrc/b.js:2:2 warning [ts 6133] Unused';
    assert.deepEqual(
      newErrors(fine(edited)).map(({ path, message }) => [path, message]),
      [['src/b.js', 'No such export']],
    );
    assert.deepEqual(newErrors(fine('Edited src/a.js:3:4 error: no problem here')), []);
  });

  it('hits of a search, grouped by file', () => {
    const found = hits(fine('src/a.js\n12:const a = b;\n14:a();\n\nREADME.md\n3:About `a`.\n\n[3 matches in 2 files]'));
    assert.deepEqual(
      found.map(({ path, line, text }) => [path, line, text]),
      [
        ['src/a.js', 12, 'const a = b;'],
        ['src/a.js', 14, 'a();'],
        ['README.md', 3, 'About `a`.'],
      ],
    );
    assert.deepEqual(hits(fine('No matches. You could try: ignore_case: true.')), []);
  });

  it('a denial, told from a command that ran and failed', () => {
    assert.deepEqual(denial(failed('The user denied this call and said: not today')), { reason: 'not today', byUser: true });
    assert.deepEqual(denial(failed('The user denied this call. Do not repeat it.')), { reason: '', byUser: true });
    assert.equal(denial(failed('The rule shell(rm *) denies this.'))?.byUser, false);
    assert.equal(denial(failed('rm: not permitted\n[Exit code 1]')), undefined);
    assert.equal(denial(fine('The user denied this call.')), undefined);
  });

  it('the failure of a runner that it does not know', () => {
    const report = readTestReport(
      '  1) adds up\n     AssertionError: 1 == 2\n      at Context.<anonymous> (test/sum.spec.ts:7:12)\n      at /w/src/sum.ts:3:1',
    );
    assert.equal(report.failed, 1);
    assert.deepEqual(
      report.failures.map(({ file, line, stack }) => [file, line, stack]),
      [['test/sum.spec.ts', 7, [{ file: '/w/src/sum.ts', line: 3 }]]],
    );
    assert.equal(readTestReport('Compiled without trouble').ran, false);
  });
});

describe('demo: what it reads out of sources', () => {
  it('definitions with their extent and the comment above', () => {
    const text = [
      '/** Not this one. */',
      'const limits = { low: 1, high: 2 };',
      '',
      '/**',
      ' * Adds { two } numbers.',
      ' * @param {number} a',
      ' */',
      'export function add({ a, b }) {',
      "  if (a > b) return '}';",
      '  return a + b; // }',
      '}',
      'export const twice = (a) => {',
      '  return a * 2;',
      '};',
      'export class Box {}',
    ].join('\n');
    assert.deepEqual(
      definitionsIn(text).map(({ name, kind, exported, from, to, doc }) => [name, kind, exported, from, to, doc]),
      [
        ['limits', 'constant', false, 2, 2, 'Not this one.'],
        ['add', 'function', true, 8, 11, 'Adds { two } numbers.'],
        ['twice', 'function', true, 12, 14, ''],
        ['Box', 'class', true, 15, 15, ''],
      ],
    );
  });

  it('imports of every form, and a call to its closing bracket', () => {
    const text =
      "import a, { b as c, type D } from './x.js';\nimport * as e from './y.js';\nexport { f } from './z.js';\nconst { g: h } = require('./w.js');\n";
    assert.deepEqual(
      importsIn(text).map(({ names, from, line }) => [from, line, names.map(({ imported, local }) => `${imported}:${local}`).join(' ')]),
      [
        ['./x.js', 1, 'b:c D:D default:a'],
        ['./y.js', 2, 'default:e'],
        ['./z.js', 3, 'f:f'],
        ['./w.js', 4, 'g:h'],
      ],
    );
    assert.equal(callAt("x();\nit(')', () => {\n  f(1);\n});\nit('b');", 2), "it(')', () => {\n  f(1);\n})");
  });

  it('code apart from its comments and strings, every character in its place', () => {
    const text = "a('>='); // <=\nb(`\n>`, /* > */ 1);";
    assert.equal(mask(text).length, text.length);
    assert.doesNotMatch(mask(text), /[<>]/);
  });
});
