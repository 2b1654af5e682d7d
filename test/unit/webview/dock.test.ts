import assert from 'node:assert/strict';
import type { EventOf } from '../../../src/protocol/events';
import { createScript, eventsMessage, ROOT, snapshot } from '../../support/panel-preview/script';
import { openPage, type Page } from './support/page';

type Ask = Omit<EventOf<'permission_asked'>, 'type' | 'id' | 'at' | 'session' | 'agent' | 'seq'>;

const ASK: Ask = {
  askId: 'a1',
  callId: 'c1',
  tool: 'shell',
  title: 'Run',
  detail: 'npm test',
  class: 'mutating',
  risk: 'medium',
  why: 'No rule allows it.',
  parts: [{ text: 'npm test', class: 'mutating', why: 'runs a script of the project', allowed: false }],
  touches: [],
  choices: [
    { id: 'once', rules: [] },
    { id: 'session', rules: ['shell(npm test)'] },
    { id: 'rule', rules: ['shell(npm test *)', 'shell(npm run *)'] },
    { id: 'deny', rules: [] },
  ],
  inputHash: 'h',
};

describe('the permission dock', () => {
  let page: Page;
  let script: ReturnType<typeof createScript>;
  const dock = () => page.find('[role=alertdialog]');
  const ask = async (...asks: Partial<Ask>[]) => {
    await page.host(eventsMessage(asks.map((fields) => script.add('permission_asked', { ...ASK, ...fields }))));
  };
  beforeEach(async () => {
    page = openPage();
    script = createScript();
    await page.host(snapshot());
  });
  afterEach(() => page.close());

  it('shows what would run, why it is asked, and the rule that each choice saves', async () => {
    await ask({ touches: [`${ROOT}/coverage`] });
    const text = dock().textContent ?? '';
    for (const part of [
      'npm test',
      'No rule allows it.',
      'runs a script of the project',
      'coverage',
      'shell(npm test)',
      'shell(npm test *)',
    ])
      assert.ok(text.includes(part), `${part} is missing in ${text}`);
  });

  it('takes no focus by itself, and gets it when the host says so', async () => {
    await page.host({ type: 'focus', target: 'composer' });
    await ask({});
    assert.ok(page.find('.composer').contains(document.activeElement));
    await page.host({ type: 'focus', target: 'dock' });
    assert.equal(document.activeElement, dock());
    assert.equal(page.of('focus').at(-1)?.inside, 'dock');
  });

  it('allows once with Enter and denies with Escape, once, while it has the focus', async () => {
    await ask({});
    await page.key(dock(), 'Enter', { repeat: true });
    assert.deepEqual(page.of('decide'), [], 'a key that is held down decides nothing');
    await page.key(dock(), 'Enter');
    await page.key(dock(), 'Enter');
    assert.deepEqual(page.of('decide'), [{ type: 'decide', askId: 'a1', choice: 'once' }]);
    await ask({ askId: 'a2', callId: 'c2' });
    await page.host(eventsMessage([decided(script, 'a1')]));
    await page.key(dock(), 'Escape');
    assert.deepEqual(page.of('decide')[1], { type: 'decide', askId: 'a2', choice: 'deny' });
  });

  it('saves the rules as the user left them', async () => {
    await ask({});
    await page.click(page.find('.rule-choice:last-of-type'));
    const field = dock().querySelector('textarea');
    assert.ok(field);
    assert.equal(field.value, 'shell(npm test *)\nshell(npm run *)');
    await page.fill(field, ' shell(npm test) \n\n');
    await page.click(page.button('Save and allow'));
    assert.deepEqual(page.of('decide'), [{ type: 'decide', askId: 'a1', choice: 'rule', rules: ['shell(npm test)'] }]);
  });

  it('allows for the session with the rule that it shows', async () => {
    await ask({});
    await page.click(page.find('.rule-choice'));
    assert.deepEqual(page.of('decide'), [{ type: 'decide', askId: 'a1', choice: 'session', rules: ['shell(npm test)'] }]);
  });

  it('denies with a reason', async () => {
    await ask({});
    await page.click(page.button('Deny and say why…'));
    const field = dock().querySelector('textarea');
    assert.ok(field);
    await page.fill(field, 'Use the other script.');
    await page.key(field, 'Enter');
    assert.deepEqual(page.of('decide'), [{ type: 'decide', askId: 'a1', choice: 'deny', feedback: 'Use the other script.' }]);
  });

  it('goes back from the reason with Escape without deciding', async () => {
    await ask({});
    await page.click(page.button('Deny and say why…'));
    const field = dock().querySelector('textarea');
    assert.ok(field);
    await page.key(field, 'Escape');
    assert.deepEqual(page.of('decide'), []);
    assert.ok(page.button('Allow once'));
  });

  it('offers only the choices that the ask carries', async () => {
    await ask({
      choices: [
        { id: 'once', rules: [] },
        { id: 'deny', rules: [] },
      ],
    });
    assert.throws(() => page.button('Allow this session'));
    assert.equal(page.all('.rule-choice').length, 0);
  });

  it('asks one after the other', async () => {
    await ask({}, { askId: 'a2', callId: 'c2', detail: 'npm ci' }, { askId: 'a3', callId: 'c3' });
    assert.match(dock().textContent ?? '', /1 of 3/);
    await page.host(eventsMessage([decided(script, 'a1')]));
    assert.match(dock().textContent ?? '', /npm ci/);
    assert.match(dock().textContent ?? '', /1 of 2/);
  });

  it('warns of what destroys, and makes denying the first choice', async () => {
    await ask({ class: 'destructive', risk: 'high', detail: 'rm -rf build' });
    assert.ok(dock().classList.contains('is-destructive'));
    assert.equal(page.button('Deny').getAttribute('appearance'), 'primary');
    assert.equal(page.button('Allow once').getAttribute('appearance'), 'secondary');
    await page.key(dock(), 'Enter');
    assert.deepEqual(page.of('decide').at(-1), { type: 'decide', askId: 'a1', choice: 'deny' }, 'Enter is the first choice');
  });

  it('shows what hides in a command', async () => {
    await ask({ detail: 'rm \u202ecod.txt' });
    assert.match(dock().textContent ?? '', /U\+202E/);
    assert.match(dock().textContent ?? '', /would not be seen/);
  });

  it('can be used again when the host did not take the decision', async () => {
    await ask({});
    await page.click(page.button('Allow once'));
    await page.host({ type: 'problem', text: 'The disk is full.', next: 'Free some space.' });
    await page.click(page.button('Deny'));
    assert.deepEqual(
      page.of('decide').map((m) => m.choice),
      ['once', 'deny'],
    );
  });

  it('can be used again too when the same trouble comes twice, which stands there once', async () => {
    await ask({});
    for (const choice of ['Allow once', 'Deny']) {
      await page.click(page.button(choice));
      await page.host({ type: 'problem', text: 'The disk is full.', next: 'Free some space.' });
    }
    assert.equal(page.all('.banner[role=alert]').length, 1);
    await page.click(page.button('Allow once'));
    assert.deepEqual(
      page.of('decide').map((m) => m.choice),
      ['once', 'deny', 'once'],
    );
  });

  it('is not there for a window that may only read', async () => {
    await ask({});
    await page.host(snapshot({ heldBy: 'Another window has it.', events: script.events }));
    assert.equal(page.all('[role=alertdialog]').length, 0);
  });
});

describe('questions', () => {
  let page: Page;
  beforeEach(() => {
    page = openPage();
  });
  afterEach(() => page.close());

  it('are answered by choice, by several choices, or in words', async () => {
    const script = createScript();
    script.add('question_asked', {
      callId: 'c1',
      questions: [
        { question: 'Which?', header: '', multiSelect: false, options: [{ label: 'A' }, { label: 'B' }] },
        { question: 'Who?', header: '', multiSelect: true, options: [{ label: 'C' }, { label: 'D' }] },
        { question: 'Why?', header: '', multiSelect: false, options: [] },
      ],
    });
    await page.host(snapshot({ events: script.events }));
    await page.click(page.button('Answer'));
    assert.deepEqual(page.of('answer'), [], 'not before every question has an answer');
    const inputs = page.all('.choice input');
    for (const i of [0, 1, 2, 3]) await page.click(inputs[i] ?? page.button('missing'));
    const own = document.querySelectorAll<HTMLTextAreaElement>('.one-question textarea')[2];
    assert.ok(own);
    await page.fill(own, ' Because. ');
    await page.click(page.button('Answer'));
    assert.deepEqual(page.of('answer'), [
      {
        type: 'answer',
        callId: 'c1',
        answers: [
          { question: 'Which?', chosen: ['B'], text: undefined },
          { question: 'Who?', chosen: ['C', 'D'], text: undefined },
          { question: 'Why?', chosen: [], text: 'Because.' },
        ],
      },
    ]);
    await page.host(eventsMessage([script.add('question_answered', { callId: 'c1', answers: page.of('answer')[0]?.answers ?? [] })]));
    assert.equal(page.all('[role=alertdialog]').length, 0);
    assert.match(page.text('.question-card'), /B.*C, D.*Because\./s);
  });
});

function decided(script: ReturnType<typeof createScript>, askId: string) {
  return script.add('permission_decided', {
    decision: {
      callId: 'c1',
      askId,
      tool: 'shell',
      inputHash: 'h',
      class: 'mutating',
      verdict: 'allow',
      by: { kind: 'user', choice: 'once' },
      handler: 'interactive',
      reason: '',
    },
  });
}
