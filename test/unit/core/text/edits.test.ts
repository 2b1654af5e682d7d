import assert from 'node:assert/strict';
import { applyEdits, type EditProblem, type TextEdit } from '../../../../src/core/text/edits';

function applied(text: string, ...edits: TextEdit[]): string {
  const result = applyEdits(text, edits);
  if ('problem' in result) assert.fail(`${result.problem} ${result.next}`);
  return result.text;
}

function refused(text: string, ...edits: TextEdit[]): EditProblem {
  const result = applyEdits(text, edits);
  if (!('problem' in result)) assert.fail(`was applied: ${JSON.stringify(result.text)}`);
  assert.match(result.problem, /Nothing was changed\.$|^The edits cancel/);
  assert.ok(result.next.length > 20, 'the next step is told');
  return result;
}

const edit = (old_text: string, new_text: string, all?: boolean): TextEdit => ({
  old_text,
  new_text,
  ...(all === undefined ? {} : { all }),
});

describe('applyEdits', () => {
  describe('replaces', () => {
    it('one place, exactly', () => {
      assert.equal(applied('const a = 1;\nconst b = 2;\n', edit('b = 2', 'b = 3')), 'const a = 1;\nconst b = 3;\n');
    });

    it('several places in order, later edits seeing what earlier ones left', () => {
      assert.equal(applied('one two', edit('one', 'three'), edit('three two', 'four')), 'four');
    });

    it('every place when all is set', () => {
      const result = applyEdits('x = x + x', [edit('x', 'yy', true)]);
      assert.deepEqual(result, { text: 'yy = yy + yy', replacements: 3 });
    });

    it('overlapping places of all one after the other', () => {
      assert.equal(applied('aaaaa', edit('aa', 'b', true)), 'bba');
    });

    it('dollar signs and backslashes as they are', () => {
      assert.equal(applied('cost: X', edit('X', "$& $1 $$ \\n $'")), "cost: $& $1 $$ \\n $'");
    });

    it('by nothing', () => assert.equal(applied('a\nb\nc\n', edit('b\n', '')), 'a\nc\n'));

    it('the whole of an empty file when old_text is empty', () => {
      assert.equal(applied('', edit('', 'hello\n')), 'hello\n');
      assert.equal(applied('\uFEFF', edit('', 'hello')), '\uFEFFhello');
    });

    it('text without a line ending at the end, adding none', () => {
      assert.equal(applied('a\nlast', edit('last', 'end')), 'a\nend');
      assert.equal(applied('a\nlast', edit('last', 'last\n')), 'a\nlast\n');
    });

    it('letters outside the basic plane whole', () => {
      assert.equal(applied('say "👩‍🚀" now', edit('👩‍🚀', '👩‍🔧')), 'say "👩‍🔧" now');
      assert.equal(applied('x😀y', edit('😀', '😁')), 'x😁y');
    });
  });

  describe('keeps line endings', () => {
    it('finds \\n in a CRLF file and writes CRLF', () => {
      assert.equal(applied('a\r\nb\r\nc\r\n', edit('a\nb', 'a\nx\nb')), 'a\r\nx\r\nb\r\nc\r\n');
    });

    it('finds CRLF in an LF file and writes LF', () => {
      assert.equal(applied('a\nb\nc\n', edit('a\r\nb', 'a\r\nx\r\nb')), 'a\nx\nb\nc\n');
    });

    it('takes the ending of the place in a mixed file', () => {
      const mixed = 'a\r\nb\nc\r\nd\n';
      assert.equal(applied(mixed, edit('b', 'b1\nb2')), 'a\r\nb1\nb2\nc\r\nd\n');
      assert.equal(applied(mixed, edit('c', 'c1\nc2')), 'a\r\nb\nc1\r\nc2\r\nd\n');
      assert.equal(applied(mixed, edit('a\nb\nc', 'a\nB\nc')), 'a\r\nB\nc\r\nd\n');
    });

    it('takes the ending of the line before at the end of the file', () => {
      assert.equal(applied('a\r\nb', edit('b', 'b\nc')), 'a\r\nb\r\nc');
    });

    it('knows the lone CR of old files', () => {
      assert.equal(applied('a\rb\rc', edit('a\nb', 'a\nx\nb')), 'a\rx\rb\rc');
    });

    it('removes a whole CRLF line', () => assert.equal(applied('a\r\nb\r\nc', edit('b\n', '')), 'a\r\nc'));

    it('keeps a byte order mark', () => {
      assert.equal(applied('\uFEFFa\r\nb', edit('a\nb', 'c\nd')), '\uFEFFc\r\nd');
    });
  });

  describe('refuses', () => {
    it('a place that is not the only one, and says where they are', () => {
      const { problem, next } = refused('if (a) {\n}\nif (b) {\n}\n}\n', edit('}', ']'));
      assert.match(problem, /occurs 3 times, at lines 2 and 4-5\./);
      assert.match(next, /neighbouring lines.*all: true/);
    });

    it('a place that overlaps itself', () => assert.match(refused('aaa', edit('aa', 'b')).problem, /occurs 2 times, at line 1\./));

    it('all edits when one fails, naming it', () => {
      assert.match(
        refused('a b c', edit('a', 'x'), edit('nope', 'y'), edit('c', 'z')).problem,
        /^Edit 2 of 3: old_text is not in the file/,
      );
    });

    it('an edit that changes nothing', () => {
      refused('abc', edit('b', 'b'));
      refused('a\r\nb', edit('a\nb', 'a\r\nb'));
      refused('abc', edit('b', 'x'), edit('x', 'b'));
    });

    it('an empty old_text where there is text', () => assert.match(refused('abc', edit('', 'x')).next, /write_file/));

    it('an edit whose place an earlier one changed', () => {
      assert.match(refused('one two', edit('one', '1'), edit('one two', '3')).problem, /earlier edit of this call/);
    });

    it('an edit that was made before', () => {
      assert.match(refused('let total = 2;\n', edit('let total = 1;', 'let total = 2;')).problem, /new_text is, at line 1/);
    });
  });

  it('changes nothing outside of the edits, whatever the text', () => {
    const random = generator(20240607);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const endings = ['\n', '\r\n', '\r'];
    const words = ['a', 'bb', ' ', '\t', 'é', 'e\u0301', '😀', '漢', '"', '\\', '$1', '\u00a0', ''];
    for (let round = 0; round < 500; round++) {
      const uniform = random() < 0.5 ? pick(endings) : undefined;
      const lines = Array.from({ length: 1 + Math.floor(random() * 8) }, (_, i) => `${pick(words)}${pick(words)}<${i}>${pick(words)}`);
      const bom = random() < 0.2 ? '\uFEFF' : '';
      const parts = lines.map((line, i) => [line, i === lines.length - 1 && random() < 0.5 ? '' : (uniform ?? pick(endings))] as const);
      const text = bom + parts.map((p) => p.join('')).join('');
      const from = Math.floor(random() * lines.length);
      const to = from + Math.floor(random() * (lines.length - from));
      const old_text = lines.slice(from, to + 1).join('\n');
      const new_text = Array.from({ length: 1 + Math.floor(random() * 4) }, () => `${pick(words)}new`).join('\n');
      const result = applied(text, { old_text, new_text });
      const before =
        bom +
        parts
          .slice(0, from)
          .map((p) => p.join(''))
          .join('');
      const after =
        (parts[to]?.[1] ?? '') +
        parts
          .slice(to + 1)
          .map((p) => p.join(''))
          .join('');
      assert.ok(
        result.startsWith(before) && result.endsWith(after),
        `round ${round}: ${JSON.stringify({ text, old_text, new_text, result })}`,
      );
      const middle = result.slice(before.length, result.length - after.length);
      assert.equal(middle.replace(/\r\n?/g, '\n'), new_text);
      if (uniform)
        assert.deepEqual(
          new Set(middle.match(/\r\n|\r|\n/g) ?? []),
          new Set(new_text.includes('\n') && text.match(/[\r\n]/) ? [uniform] : middle.match(/\n/) ? ['\n'] : []),
        );
    }
  });

  it('is quick on a large file with many edits', () => {
    const text = Array.from({ length: 50_000 }, (_, i) => `line number ${i};\r\n`).join('');
    const edits = Array.from({ length: 20 }, (_, i) => edit(`line number ${i * 1000};\n`, `changed ${i}\n`));
    const result = applied(text, ...edits);
    assert.equal(result.match(/changed/g)?.length, 20);
    assert.equal(result.match(/[^\r]\n/g), null);
  });
});

describe('a near miss', () => {
  const file = 'function add(a, b) {\n\tconst sum = a + b;\n\treturn sum;\n}\n\nfunction sub(a, b) {\n\treturn a - b;\n}\n';

  it('tells tabs from spaces and shows the place', () => {
    const { problem, next } = refused(file, edit('    const sum = a + b;\n    return sum;', 'x'));
    assert.match(problem, /lines 2-3/);
    assert.match(problem, /the file has tabs, old_text has spaces/);
    assert.match(problem, /2\t\tconst sum = a \+ b;/);
    assert.match(problem, /in the file: "\\tconst sum/);
    assert.match(next, /Copy old_text exactly/);
  });

  it('tells typographic quotes', () => {
    assert.match(refused('say("it is")\n', edit('say(“it is”)', 'x')).problem, /typographic quotes/);
  });

  it('shows invisible characters', () => {
    const { problem } = refused('total\u00a0= 1\n', edit('total = 1', 'x'));
    assert.match(problem, /invisible characters/);
    assert.match(problem, /total\\u00a0= 1/);
  });

  it('tells letters that are composed otherwise', () => {
    assert.match(refused('caf\u00e9 = open\n', edit('cafe\u0301 = open', 'x')).problem, /composed and decomposed/);
  });

  it('tells upper from lower case', () =>
    assert.match(refused('const MaxSize = 1\n', edit('const maxSize = 1', 'x')).problem, /upper and lower case/));

  it('tells spaces at the end of a line', () => {
    assert.match(
      refused('first line  \nsecond line\nthird\n', edit('first line\nsecond line\n', 'x')).problem,
      /spaces at the end of a line[\s\S]*in line 1:\nin the file: "first line {2}"/,
    );
  });

  it('tells line numbers that were copied along', () => {
    const { problem, next } = refused(file, edit('2\t\tconst sum = a + b;\n3\t\treturn sum;', 'x'));
    assert.match(problem, /line numbers/);
    assert.match(next, /without the line numbers/);
  });

  it('tells one level of escaping too many', () => {
    assert.match(refused('log("a\tb")\n', edit('log(\\"a\\tb\\")', 'x')).problem, /escaped once too often/);
  });

  it('tells HTML entities', () => assert.match(refused('if (a < b)\n', edit('if (a &lt; b)', 'x')).problem, /HTML entities/));

  it('finds the lines most alike when words differ', () => {
    const { problem } = refused(file, edit('function sub(a, b) {\n\treturn b - a;\n}', 'x'));
    assert.match(problem, /lines 6-8/);
    assert.match(problem, /in the file: "\\treturn a - b;"\nin old_text: "\\treturn b - a;"/);
  });

  it('finds the one line most alike', () => {
    assert.match(refused(file, edit('const total = a + b;', 'x')).problem, /line 2/);
  });

  it('says so when nothing is alike, or the file is empty', () => {
    assert.match(refused(file, edit('zzzz qqqq', 'x')).problem, /Nothing in it looks like/);
    assert.match(refused('  \n', edit('zzzz', 'x')).problem, /empty/);
  });

  it('stays quick on a large file', () => {
    const text = Array.from({ length: 50_000 }, (_, i) => `  value_${i} = compute(${i}, "name");\n`).join('');
    const started = performance.now();
    assert.match(refused(text, edit('value_40000 = compute(40000, "nam");', 'x')).problem, /line 40001/);
    assert.ok(performance.now() - started < 5000);
  });
});

/** A small seeded generator, so that a failure can be repeated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
