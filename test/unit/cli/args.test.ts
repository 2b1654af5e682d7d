import assert from 'node:assert/strict';
import { HELP, OUTPUT_FORMATS, readArgs } from '../../../src/cli/args';
import { exitCodeOf } from '../../../src/cli/outcome';
import { zMode } from '../../../src/protocol/permission';
import { STOP_REASONS } from '../../../src/protocol/workflow';

const run = (...argv: string[]) => {
  const args = readArgs(argv, false);
  assert.equal(args.kind, 'run', args.kind === 'wrong' ? args.message : args.kind);
  return args.kind === 'run' ? args : assert.fail();
};

describe('arguments of the command line', () => {
  it('reads every flag', () => {
    const args = run(
      ...['-p', 'do it', '--output-format', 'json', '--permission-mode', 'edit', '--allow', 'shell(npm test *)', '--allow', 'edit_file'],
      ...[
        '--deny',
        'shell(rm *)',
        '--cwd',
        '/x',
        '--resume',
        'last',
        '--max-turns',
        '5',
        '--max-cost',
        '0.5',
        '--model',
        'm',
        '--storage',
        '/s',
        '--demo',
      ],
    );
    assert.deepEqual(args, {
      kind: 'run',
      prompt: 'do it',
      format: 'json',
      mode: 'edit',
      allow: ['shell(npm test *)', 'edit_file'],
      deny: ['shell(rm *)'],
      cwd: '/x',
      resume: 'last',
      limits: { maxTurns: 5, maxCost: 0.5 },
      model: 'm',
      storage: '/s',
      demo: true,
    });
  });

  it('takes the prompt in each of its forms', () => {
    assert.equal(run('--prompt=do it').prompt, 'do it');
    assert.equal(run('do it').prompt, 'do it');
    assert.equal(run('-p', '--do-it--').prompt, '--do-it--');
    assert.equal(run('--demo', '-p').prompt, '-');
    assert.equal(run('-p', '--demo').prompt, '-');
    assert.equal(run('--resume', 'last').prompt, null);
    const piped = readArgs([], true);
    assert.equal(piped.kind === 'run' && piped.prompt, '-');
  });

  it('refuses what it does not understand, naming it', () => {
    for (const [argv, message] of [
      [[], /no prompt/],
      [['-p', ' '], /empty/],
      [['a', 'b'], /quotes/],
      [['-p', 'a', 'b'], /quotes/],
      [['--nonsense'], /nonsense/],
      [['-p', 'x', '--output-format', 'xml'], /xml.*text, json, stream-json/],
      [['-p', 'x', '--permission-mode', 'yolo'], /yolo.*plan, ask, edit, auto/],
      [['-p', 'x', '--max-turns', '0'], /max-turns/],
      [['-p', 'x', '--max-turns', '-1'], /--max-turns is "-1"; it must be a whole number from 1/],
      [['-p', 'x', '--max-cost', '-0.5'], /--max-cost is "-0.5"; it must be a number of US dollars over 0/],
      [['-p', 'x', '--max-turns', '1.5'], /max-turns/],
      [['-p', 'x', '--max-cost', '-1'], /max-cost/],
      [['-p', 'x', '--max-cost=-1'], /max-cost/],
      [['-p', 'x', '--max-cost', '0'], /over 0.*Leave it out/],
      [['-p', 'x', '--max-cost', 'NaN'], /max-cost/],
      [['-p', 'x', '--max-cost', '1e9'], /up to 1000000/],
      [['-p', 'x', '--max-run-cost', 'Infinity'], /max-run-cost/],
      [['-p', 'x', '--max-run-tokens', '0'], /max-run-tokens/],
      [['-p', 'x', '--max-session-tokens', '2.5'], /whole number/],
      [['-p', 'x', '--max-session-turns', ''], /max-session-turns/],
      [['-p', 'x', '--allow', 'shell(npm'], /--allow.*rule/],
      [['-p', 'x', '--deny', ''], /--deny/],
      [['-p', 'x', '--model', ''], /--model/],
      [['-p', 'x', '--cwd'], /cwd/],
    ] as const) {
      const args = readArgs(argv, false);
      assert.equal(args.kind, 'wrong', argv.join(' '));
      if (args.kind === 'wrong') assert.match(args.message, message, argv.join(' '));
    }
  });

  it('explains itself', () => {
    assert.equal(readArgs(['--help', '-p', 'x'], false).kind, 'help');
    assert.equal(readArgs(['--version'], false).kind, 'version');
    for (const word of [...OUTPUT_FORMATS, ...zMode.options]) assert.ok(HELP.includes(word), word);
    for (const flag of HELP.matchAll(/--([a-z-]+)/g)) {
      const read = [
        readArgs([`${flag[0]}=x`, '-p', 'y'], false),
        readArgs(['log', `${flag[0]}=x`], false),
        readArgs(['audit', 'replay', `${flag[0]}=x`], false),
        readArgs(['verify', `${flag[0]}=x`, 's'], false),
      ];
      assert.ok(
        read.some((args) => args.kind !== 'wrong' || !args.message.includes('Unknown option')),
        flag[0],
      );
    }
  });

  it('takes the filters of the log', () => {
    const filter = { session: 'ab', kind: 'retry', level: 'warn', text: '', call: '' };
    const args = readArgs(['log', '--session', 'ab', '--kind=retry', '--level', 'warn', '--json'], false);
    assert.deepEqual(args, { kind: 'log', filter, json: true, storage: undefined });
    assert.equal(readArgs(['log', '--level', 'loud'], false).kind, 'wrong');
    assert.equal(readArgs(['log', '--output-format', 'json'], false).kind, 'wrong');
  });

  it('takes the filters of the audit, and a time as a date or as how long ago', () => {
    const of = (...argv: string[]) => {
      const args = readArgs(['audit', ...argv], false);
      return args.kind === 'audit' ? args : assert.fail(args.kind === 'wrong' ? args.message : args.kind);
    };
    const { filter, session, json, replay } = of('--session', 'ab', '--tool=shell', '--outcome', 'deny', '--rule', 'npm', '--json');
    assert.deepEqual([session, filter.tool, filter.outcome, filter.rule, json, replay], ['ab', 'shell', 'deny', 'npm', true, null]);
    const since = (text: string) => of('--since', text).filter.since ?? Number.NaN;
    assert.ok(Math.abs(Date.now() - 7 * 86_400_000 - since('7d')) < 60_000);
    assert.equal(since('2026-01-31'), new Date(2026, 0, 31).getTime());
    assert.equal(since('2026-01-31T10:00:00Z'), Date.UTC(2026, 0, 31, 10));
    const again = of('replay', '--all', '--permission-mode', 'edit', '--deny', 'shell(rm *)').replay;
    assert.deepEqual(again, { all: true, mode: 'edit', allow: [], deny: ['shell(rm *)'] });
    for (const wrong of [['--since', 'yesterday'], ['--since', '5'], ['--outcome', 'maybe'], ['--all'], ['replay', '--allow', 'x(']]) {
      assert.equal(readArgs(['audit', ...wrong], false).kind, 'wrong', wrong.join(' '));
    }
  });

  it('takes what is to be verified, and operators by their DIDs only', () => {
    const did = 'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp';
    const args = readArgs(['verify', 'last', '--json', '--operator', did, '--proof=p.jsonl'], false);
    assert.deepEqual(args, {
      kind: 'verify',
      target: 'last',
      proof: 'p.jsonl',
      operators: [did],
      heads: [],
      json: true,
      storage: undefined,
    });
    for (const wrong of [
      ['verify'],
      ['verify', 'a', 'b'],
      ['verify', 'a', '--operator', 'did:web:a'],
      ['verify', 'a', '--model', 'm'],
      ['verify', 'a', '--head', 'abc'],
    ])
      assert.equal(readArgs(wrong, true).kind, 'wrong', wrong.join(' '));
  });

  it('has an exit code for every end', () => {
    const codes = Object.fromEntries(STOP_REASONS.map((reason) => [reason, exitCodeOf({ reason, denied: [] })]));
    assert.deepEqual(codes, { done: 0, cancelled: 130, max_turns: 3, max_budget: 3, stalled: 1, refused: 1, awaiting_user: 4, failed: 1 });
    const denied = [{ tool: 't', title: '', detail: '', why: '', rules: [] }];
    assert.deepEqual(
      STOP_REASONS.map((reason) => exitCodeOf({ reason, denied })),
      [4, 130, 3, 3, 4, 1, 4, 1],
    );
  });
});
