import assert from 'node:assert/strict';
import type { Asker } from '../../../src/core/ports';
import type { Question } from '../../../src/protocol/call-events';
import { askUser } from '../../../src/tools/ask-user';
import { fakePorts } from '../../support/fakes/ports';
import { toolSession } from '../../support/fakes/tool-session';

const options = [{ label: 'SQLite', description: 'One file' }, { label: 'Postgres' }];
const question = { question: 'Which database?', header: 'Database', options };

describe('ask_user', () => {
  it('hands the questions over and the answers back', async () => {
    const asked: Question[] = [];
    const asker: Asker = {
      async ask(_, questions) {
        asked.push(...questions);
        return [{ question: 'Which database?', chosen: ['SQLite'], text: 'in memory' }];
      },
    };
    const { run } = toolSession(fakePorts({ asker }));
    const output = await run(askUser, { questions: [question, { ...question, question: 'And later?', multi_select: true }] });
    assert.equal(
      output.content,
      'Which database?\nChosen: SQLite\nIn their words: in memory\n\nAnd later?\nNot answered: decide yourself and say what you assumed.',
    );
    assert.equal(output.summary, 'SQLite, in memory');
    assert.deepEqual(
      asked.map((q) => q.multiSelect),
      [false, true],
    );
    assert.deepEqual(asked[0]?.options, options);
  });

  it('tells the model to decide when nobody is there', async () => {
    const { fail } = toolSession(fakePorts());
    assert.match(await fail(askUser, { questions: [question] }), /Nobody is there to answer\.\nDecide yourself/);
  });

  it('refuses what cannot be answered', async () => {
    const { fail } = toolSession(fakePorts());
    assert.match(await fail(askUser, { questions: [question, question] }), /Two questions are the same/);
    const twins = { ...question, options: [{ label: 'A' }, { label: 'A' }] };
    assert.match(await fail(askUser, { questions: [twins] }), /same label/);
    const five = Array.from({ length: 5 }, (_, i) => ({ ...question, question: `${i}?` }));
    for (const questions of [[], five, [{ ...question, options: [{ label: 'A' }] }]]) {
      assert.match(await fail(askUser, { questions }), /not valid/);
    }
  });
});
