import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Talk, withSample } from './agent';

const FIX = 'Fix the failing test';
const edits = (talk: Talk) => talk.calls.filter(({ name, isError }) => name === 'edit_file' && !isError);
const runs = (talk: Talk) => talk.calls.filter(({ name }) => name === 'shell');

describe('demo: fix the failing test', function () {
  // Each guess runs the sample's tests in processes of their own, which a busy machine makes slow.
  this.timeout(120_000);

  it('finds the cause in the sample, mends it with one edit and sees the tests pass', async () => {
    await withSample(async ({ ask, read }) => {
      const talk = await ask(FIX);
      assert.match(await read('src/discount.js'), /amount >= DISCOUNT_FROM/);
      assert.equal(edits(talk).length, 1);
      assert.equal(runs(talk).length, 2);
      assert.match(talk.answer, /begins at exactly 50\.00.*expects `500` and gets `0`/);
      assert.match(talk.answer, /src\/discount\.js:13.*\n[\s\S]*`npm test` passes now: 9 tests/);
      assert.ok(
        talk.batches.some((batch) => batch.filter((name) => name === 'read_file').length > 0 && batch.length > 1),
        'reads side by side',
      );
      assert.ok(talk.thinking.length >= 3);
      const lists = talk.calls.filter(({ name }) => name === 'tasks');
      assert.ok(lists.length >= 3 && lists.every(({ isError }) => !isError));
      assert.doesNotMatch(lists.at(-1)?.text ?? '', /pending|in_progress/);
    });
  });

  const broken: readonly (readonly [string, 'cart' | 'discount' | 'invoice', string, string, string, RegExp])[] = [
    ['a wrong operator', 'cart', 'src/cart.js', '.price * line.quantity', '.price + line.quantity', /\.price \* line\.quantity/],
    ['a condition the wrong way round', 'invoice', 'src/invoice.js', 'goods >= FREE', 'goods <= FREE', /goods >= FREE/],
    ['a wrong constant', 'discount', 'src/discount.js', 'DISCOUNT_PERCENT = 10', 'DISCOUNT_PERCENT = 1', /DISCOUNT_PERCENT = 10;/],
    [
      'a wrong sign in a file further away',
      'discount',
      'src/money.js',
      '(cents * percent) / 100',
      '(cents / percent) / 100',
      /cents \* percent/,
    ],
  ];
  for (const [what, test, path, from, to, mended] of broken) {
    it(`mends ${what} instead`, async () => {
      await withSample(async ({ ask, read, change, onlyTest }) => {
        await onlyTest(test);
        await change('src/discount.js', 'amount > ', 'amount >= ');
        await change(path, from, to);
        const talk = await ask(FIX);
        assert.match(await read(path), mended, talk.answer);
        assert.match(talk.answer, /passes now/);
      });
    });
  }

  it('mends two causes one after the other', async () => {
    await withSample(async ({ ask, read, change, withoutNpm }) => {
      await withoutNpm();
      await change('src/cart.js', 'sum + lineTotal', 'sum - lineTotal');
      const talk = await ask(FIX);
      assert.match(await read('src/cart.js'), /sum \+ lineTotal/, talk.answer);
      assert.match(await read('src/discount.js'), /amount >= DISCOUNT_FROM/, talk.answer);
      assert.match(talk.answer, /passes now/);
    });
  });

  it('follows a file that was renamed', async () => {
    await withSample(async ({ ask, read, change, root, withoutNpm }) => {
      await withoutNpm();
      await change('src/discount.js', 'amount > ', 'amount >= ');
      await rename(join(root, 'src/discount.js'), join(root, 'src/rebate.js'));
      const talk = await ask(FIX);
      assert.match(await read('test/discount.test.js'), /from '\.\.\/src\/rebate\.js'/, talk.answer);
      assert.match(await read('src/invoice.js'), /from '\.\/rebate\.js'/, talk.answer);
      assert.match(talk.answer, /passes now/);
    });
  });

  it('reads the output of Node in its other format', async () => {
    await withSample(async ({ ask, read, change }) => {
      await change('package.json', 'node --test --test-reporter=spec', 'node --test --test-reporter=tap');
      assert.match((await ask(FIX)).answer, /passes now: 9 tests/);
      assert.match(await read('src/discount.js'), /amount >= /);
    });
  });

  it('changes nothing when every test passes', async () => {
    await withSample(async ({ ask, change }) => {
      await change('src/discount.js', 'amount > ', 'amount >= ');
      const talk = await ask(FIX);
      assert.match(talk.answer, /All 9 tests pass/);
      assert.equal(edits(talk).length, 0);
    });
  });

  it('leaves the files as they were when it finds no mend, and says so', async () => {
    await withSample(async ({ ask, read, change, onlyTest }) => {
      await onlyTest('discount');
      await change('test/discount.test.js', 'discountFor(5000), 500', "discountFor(5000), 'five hundred'");
      const before = await read('src/discount.js');
      const talk = await ask(FIX);
      assert.match(talk.answer, /none of which mends it/);
      assert.equal(await read('src/discount.js'), before);
    });
  });

  it('takes back an edit that the language server objects to', async () => {
    await withSample(async ({ ask, read, root }) => {
      let first = true;
      const talk = await ask(FIX, {
        stopAfter: 8,
        append: ({ name }) => {
          if (name !== 'edit_file' || !first) return undefined;
          first = false;
          return `1 new problem after these edits:\nsrc/invoice.js:5:10 error [ts 2305] Module '"./discount.js"' has no exported member 'x'.`;
        },
      });
      assert.ok(
        talk.said.some((text) => /language server objects: Module .*take the change back/.test(text)),
        root,
      );
      assert.equal(await read('src/discount.js').then((text) => /amount > DISCOUNT/.test(text)), true);
    });
  });

  it('does not insist where it is denied', async () => {
    await withSample(async ({ ask, read }) => {
      const noRun = await ask(FIX, {
        instead: ({ name }) => (name === 'shell' ? 'The user denied this call and said: the tests send mail' : undefined),
      });
      assert.match(noRun.answer, /not allowed to run `npm test`[\s\S]*> the tests send mail/);
      assert.equal(runs(noRun).length, 1);
      const before = await read('src/discount.js');
      const noEdit = await ask(FIX, {
        instead: ({ name }) => (name === 'edit_file' ? 'The user denied this call. Do not repeat it.' : undefined),
      });
      assert.match(noEdit.answer, /would change `src\/discount\.js:13`[\s\S]*\+ if \(amount >= DISCOUNT_FROM\)[\s\S]*changed nothing/);
      assert.equal(await read('src/discount.js'), before);
      const plan = await ask(FIX, {
        instead: ({ name }) => (name === 'shell' ? 'Plan mode is on: only calls that read may run.' : undefined),
      });
      assert.match(plan.answer, /Plan mode is on/);
    });
  });

  it('stops when the user undoes the change', async () => {
    await withSample(async ({ ask }) => {
      const talk = await ask(FIX, {
        meanwhile: (_, tools) =>
          tools.includes('edit_file')
            ? '<plumb_notice>\nThe user undid 1 of your changes in /w/src/discount.js and said: it is meant so\n</plumb_notice>'
            : undefined,
      });
      assert.match(talk.answer, /You undid my change[\s\S]*it is meant so/);
    });
  });

  it('works without a task list, and says what it lacks without a shell', async () => {
    await withSample(async ({ ask, withoutNpm }) => {
      await withoutNpm();
      const blind = await ask(FIX, { without: ['shell'] });
      assert.match(blind.answer, /no `shell` tool/);
      assert.equal(blind.calls.length, 0);
      const plain = await ask(FIX, { without: ['tasks'] });
      assert.match(plain.answer, /passes now/);
      assert.ok(plain.calls.every(({ name }) => name !== 'tasks'));
    });
  });

  it('goes on where it was stopped, and answers remarks on the way', async () => {
    await withSample(async ({ ask, read, withoutNpm }) => {
      await withoutNpm();
      const first = await ask(FIX, { stopAfter: 3 });
      assert.equal(edits(first).length, 0);
      const second = await ask('continue', { meanwhile: (batch) => (batch === 1 ? 'nice weather today' : undefined) });
      assert.match(second.answer, /passes now/);
      assert.ok(second.said.some((text) => /nice weather today/.test(text)));
      assert.match(await read('src/discount.js'), /amount >= /);
    });
  });

  it('says so where there is nothing to run', async () => {
    await withSample(async ({ ask, change, root }) => {
      await change('package.json', '"test":', '"check":');
      await rename(join(root, 'test'), join(root, 'notes'));
      for (const name of ['cart', 'discount', 'invoice'])
        await rename(join(root, `notes/${name}.test.js`), join(root, `notes/${name}.txt`));
      assert.match((await ask(FIX)).answer, /neither a `test` script/);
    });
  });
});
