import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadGrammar } from '../../../../src/tools/shell/grammar';
import { type SimpleCommand, split } from '../../../../src/tools/shell/split';
import { asset } from './scene';

function commands(source: string): readonly SimpleCommand[] {
  const parts = split(source);
  assert.ok(parts.ok, parts.ok ? '' : parts.why);
  return parts.commands;
}
const values = (source: string): readonly (readonly string[])[] =>
  commands(source).map((command) => command.words.map((word) => word.value));

describe('splitting a line', () => {
  it('cuts at every operator, line end and bracket', () => {
    assert.deepEqual(values('a 1 && b || c; d | e |& f & g\nh (x)'.replace(' (x)', '')), [
      ['a', '1'],
      ['b'],
      ['c'],
      ['d'],
      ['e'],
      ['f'],
      ['g'],
      ['h'],
    ]);
    assert.deepEqual(values('(a; (b && c)) | d'), [['a'], ['b'], ['c'], ['d']]);
    assert.deepEqual(values('a &&\n\n  b\n\n# note\nc # more'), [['a'], ['b'], ['c']]);
  });

  it('keeps which operator stands where, and how deep', () => {
    assert.deepEqual(
      commands('a && (b | c) ; d').map(({ before, after, groups }) => [before, after, groups.length]),
      [
        [undefined, '&&', 0],
        [undefined, '|', 1],
        ['|', ')', 1],
        [';', undefined, 0],
      ],
    );
  });

  for (const [source, words] of [
    [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
    [`a b'c'"d"e`, ['a', 'bcde']],
    [String.raw`a "x\.y" "\"" "\\" "\$"`, ['a', 'x\\.y', '"', '\\', '$']],
    [String.raw`a \( \; \*`, ['a', '(', ';', '*']],
    ['a HEAD~2 HEAD^ x@{1} {} = == != !', ['a', 'HEAD~2', 'HEAD^', 'x@{1}', '{}', '=', '==', '!=', '!']],
    ['a "x$" "a$|b"', ['a', 'x$', 'a$|b']],
    ["a ''", ['a', '']],
    ['a \\\n  b', ['a', 'b']],
    ["a 'x\ny'", ['a', 'x\ny']],
  ] as const) {
    it(`reads ${JSON.stringify(source)}`, () => assert.deepEqual(values(source), [words]));
  }

  it('finds redirections and what they name', () => {
    const [command] = commands('a < in > out 2>> err 2>&1 &> all >&2 b');
    assert.deepEqual(
      command?.redirects.map(({ op, fd, target }) => [fd, op, target.value]),
      [
        ['', '<', 'in'],
        ['', '>', 'out'],
        ['2', '>>', 'err'],
        ['&', '>', 'all'],
      ],
    );
    assert.deepEqual(
      command?.words.map((word) => word.value),
      ['a', 'b'],
    );
  });

  it('tells assignments from programs', () => {
    const [command] = commands(`A=1 B='x y' c D=2`);
    assert.deepEqual(
      command?.assignments.map((word) => word.value),
      ['A=1', 'B=x y'],
    );
    assert.deepEqual(
      command?.words.map((word) => word.value),
      ['c', 'D=2'],
    );
    assert.deepEqual(commands(`'A=1' c`)[0]?.assignments, []);
  });

  for (const source of [
    ...[
      'a )',
      '(a',
      '()',
      'a &&',
      '&& a',
      'a ; ; b',
      'a;;b',
      'a | | b',
      'a > > b',
      'a >',
      '(a) b',
      'a (b)',
      'f() { x; }',
      '! ',
      "a '",
      'a "',
      'a "`b`"',
      'a \\',
    ],
    ...[
      '{ a; }',
      'if a; then b; fi',
      'for x in y; do z; done',
      '[[ a ]]',
      'a $x',
      'a $(b)',
      'a `b`',
      'a <(b)',
      'a << X',
      'a <<< x',
      'a {b,c}',
      'a ~b',
      'a x=~/y',
      'a b#c',
      '*a',
      '~/a',
      "'' a",
    ],
    ...["a $'b'", 'a $"b"', 'a >! b', 'a >| b', 'a <> b', 'a 3> b', 'a b>c', 'a =b', 'a !b', 'a \\b', 'a b\\ c', 'a é', 'a "b\\\nc"'],
  ]) {
    it(`leaves ${JSON.stringify(source)} unread`, () => assert.equal(split(source).ok, false));
  }

  it('refuses more than fifty commands', () => {
    assert.equal(split(Array(50).fill('a').join(';')).ok, true);
    assert.equal(split(Array(51).fill('a').join(';')).ok, false);
  });

  it('is checked by the grammar, word for word', async () => {
    const grammar = await loadGrammar(asset);
    const source = 'a b && c';
    const [first, second] = commands(source);
    assert.ok(first && second);
    assert.equal(grammar.agrees(source, [first, second]), true);
    assert.equal(grammar.agrees(source, [first]), false);
    assert.equal(grammar.agrees(source, [{ ...first, spans: first.spans.slice(1) }, second]), false);
    assert.equal(
      grammar.agrees(source, [
        {
          ...first,
          spans: [
            [0, 1],
            [2, 2],
          ],
        },
        second,
      ]),
      false,
    );
    assert.equal(
      grammar.agrees('a $(b)', [
        {
          ...first,
          spans: [
            [0, 1],
            [2, 6],
          ],
        },
      ]),
      true,
    );
    assert.equal(grammar.agrees('if a; then b; fi', [first]), false);
    assert.deepEqual(grammar.commandsIn('x $(y "$(z)")'), ['x $(y "$(z)")', 'y "$(z)"', 'z']);
    assert.equal(grammar.commandsIn('x ('), undefined);
  });

  it('reads as bash itself does, on generated lines', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumb-split-'));
    try {
      const lines = generated(6000);
      const read = lines.flatMap((line) => {
        const parts = split(line);
        const plain =
          parts.ok &&
          parts.commands.length > 0 &&
          parts.commands.every(
            (c) =>
              /^\w/.test(c.words[0]?.value ?? '') &&
              !c.words.some((w) => w.status) &&
              c.assignments.length === 0 &&
              c.redirects.length === 0,
          );
        return parts.ok && plain ? [{ line, words: parts.commands.map((c) => c.words.map((w) => w.value)) }] : [];
      });
      assert.ok(read.length >= 100, `only ${read.length} lines were in the subset`);
      const script = `command_not_found_handle() { printf '%s\\x1f' "$@"; printf '\\x1e'; }; PATH=/nonexistent; for line; do eval "$line"; printf '\\x1d'; done`;
      const out = execFileSync('bash', ['--noprofile', '--norc', '-c', script, 'bash', ...read.map(({ line }) => line)], {
        cwd: folder,
        env: { HOME: '~' },
        encoding: 'utf8',
      });
      const said = out
        .split('\x1d')
        .slice(0, -1)
        .map((part) =>
          part
            .split('\x1e')
            .slice(0, -1)
            .map((words) => words.split('\x1f').slice(0, -1)),
        );
      for (const [i, { line, words }] of read.entries()) assert.deepEqual(said[i], words, JSON.stringify(line));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Lines of everything that could confuse a reader, from a fixed seed; operators only where every command runs. */
function generated(count: number): readonly string[] {
  const bits = [
    'x',
    'y1',
    'z.k',
    ' ',
    ' ',
    '  ',
    "'",
    "'",
    '"',
    '"',
    '\\',
    '\n',
    ';',
    ' && ',
    '#',
    '(',
    ')',
    '$',
    '*',
    '?',
    '[',
    ']',
    '{',
    '}',
    '~',
    '=',
    '!',
    '^',
    '@',
    '-',
    '\\\n',
    '\t',
    '%',
    ',',
    ':',
  ];
  let seed = 20_260_911;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  return Array.from({ length: count }, () => `x${Array.from({ length: 2 + next(9) }, () => bits[next(bits.length)]).join('')}`);
}
