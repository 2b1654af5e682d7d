import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Symbols } from '../../../src/core/ports/language';
import { startDemoModel } from '../../../src/demo/start';
import { createModelClient } from '../../../src/model/client';
import { createSearch } from '../../../src/node/search';
import { allTools } from '../../../src/tools/index';
import { unused } from '../../support/fakes/ports';
import { startHarness } from '../../support/session-harness';
import { withSample } from './agent';

describe('demo: explain this project', () => {
  it('summarises what it has read', async () => {
    await withSample(async ({ ask }) => {
      const { answer, calls, batches } = await ask('Explain this project');
      assert.match(answer, /\*\*Tea shop\.\*\* The till of a small tea shop/);
      assert.match(
        answer,
        /`src\/cart\.js`: exports `addToCart\(\)` .*, `lineTotal\(\)` \(what one line costs, in cents\) and `subtotal\(\)`/,
      );
      assert.match(answer, /`src\/main\.js` brings in/);
      assert.match(answer, /3 files with 9 cases/);
      assert.match(answer, /`npm test`: `node --test/);
      assert.ok(
        calls.every(({ name }) => ['glob', 'read_file'].includes(name)),
        'only reads',
      );
      assert.ok(
        batches.some((batch) => batch.length > 5),
        'side by side',
      );
    });
  });

  it('says what is there now, not what was there once', async () => {
    await withSample(async ({ ask, root, change }) => {
      await rm(join(root, 'README.md'));
      await change('package.json', '"The till of a small tea shop: a menu, a cart, a discount and an invoice."', '"A shed."');
      await writeFile(join(root, 'src/shed.js'), '/** Opens the shed. */\nexport function openShed() {\n  return true;\n}\n');
      const { answer } = await ask('What does this project do?');
      assert.match(answer, /A shed\./);
      assert.match(answer, /`src\/shed\.js`: exports `openShed\(\)` \(opens the shed\)/);
      assert.doesNotMatch(answer, /small tea shop/);
    });
  });

  it('is honest about folders that it can not read', async () => {
    await withSample(async ({ ask, root }) => {
      for (const folder of ['src', 'test', 'scripts', 'build', 'package.json', 'jsconfig.json', 'README.md'])
        await rm(join(root, folder), { recursive: true });
      assert.match((await ask('explain')).answer, /no files that I can see/);
      await mkdir(join(root, 'lib'));
      await writeFile(join(root, 'lib/a.py'), 'print(1)\n');
      assert.match((await ask('explain')).answer, /no JavaScript or TypeScript.*1 py/);
    });
  });
});

describe('demo: rename a symbol', () => {
  const RENAME = 'Rename `formatMoney` to `formatPrice`';

  it('edits every file that has it where there is no language server', async () => {
    await withSample(async ({ ask, read }) => {
      const { answer } = await ask(RENAME);
      for (const path of ['src/money.js', 'src/invoice.js', 'src/main.js', 'src/catalog.js', 'README.md', 'scripts/build.js']) {
        const text = await read(path);
        assert.doesNotMatch(text, /formatMoney/, path);
        assert.match(text, /formatPrice/, path);
      }
      assert.match(answer, /`formatMoney` is `formatPrice` now: 10 lines in 6 files/);
    });
  });

  it('lets the language server rename, and does the text itself', async () => {
    await withSample(async ({ ask, read, root }) => {
      const asked: unknown[] = [];
      const symbols: Symbols = {
        ...unused<Symbols>('symbols'),
        async rename(at, name) {
          asked.push([at.path, at.line, name]);
          const files = ['money', 'invoice', 'main', 'catalog'].map((file) => `src/${file}.js`);
          return Promise.all(
            files.map(async (path) => ({ path: join(root, path), text: (await read(path)).replaceAll('formatMoney', name) })),
          );
        },
      };
      const { answer, calls } = await ask(RENAME, { symbols });
      assert.deepEqual(asked, [[join(root, 'src/money.js'), 14, 'formatPrice']]);
      assert.match(answer, /language server renamed the symbol\. The rest, which is text to it, I edited in .*README\.md/);
      assert.ok(calls.every(({ isError }) => !isError));
      assert.doesNotMatch((await read('README.md')) + (await read('scripts/build.js')), /formatMoney/);
    });
  });

  it('falls back to edits when the language server can not', async () => {
    await withSample(async ({ ask, read }) => {
      const symbols: Symbols = { ...unused<Symbols>('symbols'), rename: async () => [] };
      await ask(RENAME, { symbols });
      assert.match(await read('src/money.js'), /function formatPrice/);
    });
  });

  it('renames whole words only', async () => {
    await withSample(async ({ ask, read, change }) => {
      await change('src/main.js', 'const cart', "const formatMoneyLater = 1, $formatMoney = 2; console.log('formatMoney');\nconst cart");
      await ask(RENAME);
      assert.match(await read('src/main.js'), /const formatMoneyLater = 1, \$formatMoney = 2; console\.log\('formatPrice'\);/);
    });
  });

  it('does not take a name that is taken, or one that is not there', async () => {
    await withSample(async ({ ask }) => {
      const taken = await ask('rename the function formatMoney to percentOf');
      assert.match(taken.answer, /`percentOf` is already in use, first in `.+:\d+`/);
      const missing = await ask('rename noSuchThing to other');
      assert.match(missing.answer, /Nothing here is called `noSuchThing`/);
      const vague = await ask('rename something');
      assert.match(vague.answer, /Tell me both names/);
      assert.ok([taken, missing, vague].every(({ calls }) => calls.every(({ name }) => name === 'grep')));
    });
  });

  it('keeps the name when it is denied', async () => {
    await withSample(async ({ ask, read }) => {
      const { answer } = await ask(RENAME, {
        instead: ({ name }) => (name === 'edit_file' ? 'The user denied this call and said: public API' : undefined),
      });
      assert.match(answer, /keeps its name[\s\S]*> public API/);
      assert.match(await read('src/money.js'), /formatMoney/);
    });
  });
});

describe('demo: delete the build folder', () => {
  it('looks first, deletes by command and checks that it is gone', async () => {
    await withSample(async ({ ask, root }) => {
      const { answer, calls } = await ask('Delete the build folder');
      assert.deepEqual(
        calls.map(({ name, input }) => [name, input.command ?? input.pattern]),
        [
          ['glob', 'build/**'],
          ['shell', 'rm -rf build'],
          ['glob', 'build/**'],
        ],
      );
      assert.equal(existsSync(join(root, 'build')), false);
      assert.match(answer, /`build\/` is gone, with the 2 files/);
      assert.match((await ask('Delete the build folder')).answer, /no `build` folder/);
    });
  });

  it('takes no for an answer, and repeats why', async () => {
    await withSample(async ({ ask, root }) => {
      const { answer, calls } = await ask('please remove the build folder', {
        instead: ({ name }) => (name === 'shell' ? 'The user denied this call and said: the page is still linked' : undefined),
      });
      assert.match(answer, /You did not allow it:\n\n> the page is still linked[\s\S]*left `build\/` as it is/);
      assert.equal(calls.length, 2);
      assert.ok(existsSync(join(root, 'build')));
    });
  });

  it('deletes the folder that was named, and nothing outside of the project', async () => {
    await withSample(async ({ ask, root }) => {
      await mkdir(join(root, 'dist'));
      await writeFile(join(root, 'dist/a.txt'), 'a');
      await ask('clean up the dist folder');
      assert.deepEqual([existsSync(join(root, 'dist')), existsSync(join(root, 'build'))], [false, true]);
      const outside = await ask('delete the ../secrets folder');
      assert.equal(outside.calls.filter(({ name }) => name === 'shell').length, 0);
      assert.match((await ask('delete the build folder', { without: ['shell'] })).answer, /no `shell` tool/);
    });
  });
});

describe('demo: anything else', function () {
  this.timeout(60_000);

  it('says what it is, what it can do and how to connect a real model', async () => {
    await withSample(async ({ ask }) => {
      for (const text of ['Write a poem', 'hello', 'continue']) {
        const { answer, calls } = await ask(text);
        assert.match(answer, /offline demo/);
        assert.match(answer, /Plumb: Set API key/);
        assert.match(answer, /ANTHROPIC_API_KEY/);
        assert.equal(calls.length, 0);
      }
    });
  });

  it('does the next job after the last, in one conversation', async () => {
    await withSample(async ({ ask, root }) => {
      await ask('Fix the failing test');
      await ask('Delete the build folder');
      assert.equal(existsSync(join(root, 'build')), false);
      assert.match((await ask('thanks')).answer, /offline demo/);
    });
  });

  it('turns to the new job when another is asked for while it works', async () => {
    await withSample(async ({ ask, root, read }) => {
      const { answer } = await ask('Fix the failing test', {
        meanwhile: (batch) => (batch === 2 ? 'stop that, delete the build folder instead' : undefined),
      });
      assert.match(answer, /`build\/` is gone/);
      assert.equal(existsSync(join(root, 'build')), false);
      assert.match(await read('src/discount.js'), /amount > DISCOUNT/);
    });
  });

  it('is listed under its own name, without a price', async () => {
    const demo = await startDemoModel({ paceMs: 0 });
    const models = await createModelClient({ baseUrl: demo.url }).models(new AbortController().signal);
    assert.deepEqual(
      models.map(({ id, name, price, thinking, source }) => ({ id, name, price, thinking, source })),
      [{ id: 'plumb-demo', name: 'Offline demo', price: null, thinking: 'adaptive', source: 'service' }],
    );
    await demo.close();
  });
});

describe('demo: condense the conversation', () => {
  it('writes a summary that holds, with what was asked and what was read', async () => {
    const demo = await startDemoModel({ paceMs: 0 });
    const model = createModelClient({ apiKey: 'demo', baseUrl: demo.url });
    const h = await startHarness([], {
      ports: { model, search: createSearch({ setting: '' }) },
      settings: { model: 'plumb-demo' },
      tools: allTools(),
    });
    try {
      await writeFile(join(h.root, 'README.md'), `# A shed\n${'For tools of every kind.\n'.repeat(900)}`);
      await h.say('Explain this project');
      assert.equal(await h.session.compact(), 'done', h.events('compaction_failed')[0]?.detail);
      const { summary = '' } = h.events('context_compacted')[0] ?? {};
      assert.match(summary, /Explain this project/);
      assert.match(summary, /README\.md/);
    } finally {
      await h.close();
      await demo.close();
    }
  });
});
