import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastToolResults } from '../../../src/demo/wire/request';
import { zAgentEvent } from '../../../src/protocol/events';
import { zSystemRecord } from '../../../src/protocol/system-log';
import { eventually } from '../../contract/support/shell';
import { makePlace, objectIn, type Place, zOutcome } from '../../support/cli-process';
import { assertPrefixes } from '../../support/model-server/prefix';
import { reply } from '../../support/model-server/reply';
import { type ModelServer, type Script, startModelServer, times } from '../../support/model-server/server';

describe('the command line', function () {
  this.timeout(30_000);
  let server: ModelServer;
  let place: Place;

  const setUp = async (script: Script = []) => {
    server = await startModelServer(script);
    place = await makePlace(server.url);
  };
  afterEach(async () => {
    await server.close();
    await place.remove();
  });

  const put = (file: string, text: string) => writeFile(join(place.folder, file), text);
  const get = (file: string) => readFile(join(place.folder, file), 'utf8');

  describe('output', () => {
    it('prints the reply and ends with 0', async () => {
      await setUp([reply.thinking('Hm.').text('The answer is 42.')]);
      assert.deepEqual(await place.run(['-p', 'What is the answer?']), { code: 0, stdout: 'The answer is 42.\n', stderr: '' });
      assert.match(JSON.stringify(server.requests[0]?.json.messages), /What is the answer\?/);
      assert.equal(server.requests[0]?.headers.authorization, 'Bearer sk-test-canary');
    });

    it('shows how long replies are, out of the logs that are kept [K7]', async () => {
      await setUp([reply.text('The answer is 42.')]);
      assert.equal((await place.run(['--metrics'])).stdout, 'No replies are kept yet.\n');
      await place.run(['-p', 'What is the answer?']);
      const { code, stdout } = await place.run(['--metrics']);
      assert.equal(code, 0);
      assert.match(
        stdout,
        /at most 25 between tool calls and 100 in the final one\.\nprompt +model +replies +count +mean[\s\S]*\d+ +\S+ +final +1 +4 +4 +0 %\n$/,
      );
      const asked = await place.run(['--metrics', '-p', 'and run this']);
      assert.equal(asked.code, 2);
      assert.match(asked.stderr, /--metrics runs nothing/);
    });

    it('gives one object with json', async () => {
      await setUp([reply.text('Let me look.').tool('read_file', { path: 'a.txt' }), reply.text('It says hello.')]);
      await put('a.txt', 'hello\n');
      const ended = await place.run(['-p', 'read a.txt', '--output-format', 'json']);
      assert.equal(ended.code, 0);
      const outcome = objectIn(ended);
      assert.equal(outcome.reason, 'done');
      assert.equal(outcome.text, 'It says hello.');
      assert.equal(outcome.turns, 2);
      assert.ok(outcome.usage.output > 0);
      assert.deepEqual(outcome.denied, []);
      assert.match(JSON.stringify(server.requests[1]?.json.messages), /hello/);
    });

    it('prints the system log, filtered, in words and as it is on disk', async () => {
      await setUp([reply.tool('read_file', { path: 'a.txt' }), reply.text('It says hello.')]);
      await put('a.txt', 'hello\n');
      assert.equal((await place.run(['-p', 'read it'])).code, 0);
      const words = await place.run(['log']);
      assert.equal(words.code, 0);
      assert.match(words.stdout, / info {2}init .* Settings took \d+ ms\n/);
      assert.match(words.stdout, / Run ended: done\n$/);
      assert.ok(!words.stdout.includes('hello'));
      const { stdout } = await place.run(['log', '--kind', 'permission', '--json']);
      const [decision, ...more] = stdout
        .trimEnd()
        .split('\n')
        .map((line) => zSystemRecord.parse(JSON.parse(line)));
      assert.equal(more.length, 0);
      assert.deepEqual([decision?.data.tool, decision?.data.by], ['read_file', 'its class']);
      assert.deepEqual(await place.run(['log', '--session', 'nobody']), { code: 0, stdout: '', stderr: '' });
    });

    it('gives every event as one line with stream-json, previews included', async () => {
      await setUp([reply.text('Let me look.').tool('read_file', { path: 'a.txt' }), reply.text('Done.')]);
      await put('a.txt', 'line\u2028separator\n');
      const { code, stdout } = await place.run(['-p', 'go', '--output-format=stream-json']);
      assert.equal(code, 0);
      const events = stdout
        .trimEnd()
        .split('\n')
        .map((line) => zAgentEvent.parse(JSON.parse(line)));
      const logged = events.filter((event) => event.seq !== 0);
      assert.deepEqual(
        logged.map((event) => event.seq),
        logged.map((_, i) => i + 1),
      );
      assert.equal(logged[0]?.type, 'session_started');
      assert.equal(logged.at(-1)?.type, 'run_ended');
      for (const type of ['delta', 'user_message', 'tool_started', 'tool_finished', 'usage', 'assistant_message']) {
        assert.ok(
          events.some((event) => event.type === type),
          type,
        );
      }
      const log = await readFile(join(place.home, '.plumb', 'sessions', logged[0]?.session ?? '', 'events.jsonl'), 'utf8');
      assert.deepEqual(
        log
          .trimEnd()
          .split('\n')
          .slice(1)
          .map((line) => line.replace(/,"sum":"[0-9a-f]{8}"\}$/, '}')),
        stdout
          .trimEnd()
          .split('\n')
          .filter((line) => !line.includes('"seq":0')),
      );
    });
  });

  describe('limits and failures', () => {
    it('stops after --max-turns with 3', async () => {
      await setUp(() => reply.tool('glob', { pattern: `*.${Math.random()}` }));
      const ended = await place.run(['-p', 'x', '--max-turns', '2', '--output-format', 'json']);
      assert.equal(ended.code, 3);
      assert.equal(objectIn(ended).reason, 'max_turns');
      assert.equal(server.requests.length, 2);
    });

    it('stops before a request would cost more than --max-cost, with 3', async () => {
      await setUp(() => reply.tool('glob', { pattern: `*.${Math.random()}` }).outputTokens(100_000));
      const ended = await place.run(['-p', 'x', '--max-cost', '0.5', '--output-format', 'json']);
      assert.equal(ended.code, 3);
      assert.equal(objectIn(ended).reason, 'max_budget');
    });

    it('takes a limit for each thing that can be spent, and says what it went on', async () => {
      await setUp(() => reply.text('word '.repeat(200)).tool('glob', { pattern: `*.${Math.random()}` }));
      const ended = await place.run(['-p', 'x', '--max-run-tokens', '20000', '--output-format', 'json']);
      assert.equal(ended.code, 3);
      const { limit, usage, spend, sessionTotal, reason } = objectIn(ended);
      assert.deepEqual([reason, limit?.name, limit?.limit], ['max_budget', 'maxRunTokens', 20_000]);
      assert.ok(usage.input + usage.output + usage.cacheRead + usage.cacheWrite <= 20_000);
      assert.match(ended.stderr, /--max-run-tokens/);
      assert.deepEqual(
        spend.map(({ agent, of, requests }) => [agent, of, requests]),
        [['main', 'turn', server.requests.length]],
      );
      const again = await place.run(['--resume', 'last', '--max-session-tokens', '21000', '--output-format', 'json']);
      assert.equal(again.code, 3);
      assert.equal(objectIn(again).limit?.name, 'maxSessionTokens');
      assert.deepEqual([objectIn(again).turns, objectIn(again).sessionTotal], [0, sessionTotal]);
    });

    it('ends with 1 and says what to do when the key is wrong', async () => {
      await setUp([...times(9, reply.http(401, { type: 'authentication_error', message: 'invalid x-api-key' }))]);
      const ended = await place.run(['-p', 'x', '--output-format', 'json']);
      assert.equal(ended.code, 1);
      assert.equal(objectIn(ended).reason, 'failed');
      assert.match(ended.stderr, /key/i);
    });

    it('ends with 1 when the address is not that of a model', async () => {
      await setUp();
      const { code, stderr } = await place.run(['-p', 'x', '--model', 'm'], { env: { ANTHROPIC_BASE_URL: `${server.url}/elsewhere` } });
      assert.equal(code, 1);
      assert.match(stderr, /address|URL|404|not found/i);
    });

    it('tries again when nothing answers, and says so meanwhile', async () => {
      await setUp();
      const gone = await startModelServer();
      await gone.close();
      const { child, ended, stderr } = await place.start(['-p', 'x'], { env: { ANTHROPIC_BASE_URL: gone.url } });
      await eventually(() => /attempt 1 of .*trying again/.test(stderr()), 'word of the retry');
      assert.ok(stderr().includes(new URL(gone.url).host));
      child.kill('SIGINT');
      assert.equal((await ended).code, 130);
    });

    it('ends with 1 and names the ways to connect when there is no model', async () => {
      await setUp();
      const { code, stderr, stdout } = await place.run(['-p', 'x', '--output-format', 'json'], {
        env: { ANTHROPIC_BASE_URL: '', ANTHROPIC_API_KEY: '' },
      });
      assert.equal(code, 1);
      assert.match(stderr, /ANTHROPIC_API_KEY.*--demo/s);
      assert.equal(zOutcome.parse(JSON.parse(stdout)).session, null);
      await assert.rejects(readdir(join(place.home, '.plumb', 'sessions')));
    });

    it('refuses a settings file that cannot be read, rather than run without its limits', async () => {
      await setUp();
      await mkdir(join(place.home, '.plumb'));
      const file = join(place.home, '.plumb', 'settings.json');
      for (const text of ['{"deny": [', '[]', '{"deny": "shell"}', '{"maxCost": "lots"}']) {
        await writeFile(file, text);
        const { code, stderr } = await place.run(['-p', 'x']);
        assert.equal(code, 2, text);
        assert.match(stderr, /settings\.json/);
      }
      assert.equal(server.all.length, 0);
    });

    it('says so when sessions cannot be saved', async () => {
      await setUp([reply.text('x')]);
      await put('file', '');
      const { code, stderr } = await place.run(['-p', 'x', '--storage', join(place.folder, 'file', 'below')]);
      assert.equal(code, 1);
      assert.match(stderr, /file/);
    });
  });

  describe('sessions', () => {
    it('goes on with --resume last, sending what was sent before as it was', async () => {
      await setUp([reply.text('First.').tool('glob', { pattern: '*' }), reply.text('One.'), reply.text('Two.')]);
      const first = objectIn(await place.run(['-p', 'begin', '--output-format', 'json']));
      const second = objectIn(await place.run(['-p', 'go on', '--resume', 'last', '--output-format', 'json']));
      assert.equal(second.session, first.session);
      assert.equal(second.text, 'Two.');
      assert.equal(second.turns, 1);
      assertPrefixes(server.requests);
    });

    it('finds a session by the beginning of its id, and says which there are', async () => {
      await setUp([reply.text('One.'), reply.text('Two.')]);
      const { session } = objectIn(await place.run(['-p', 'begin', '--output-format', 'json']));
      assert.equal((await place.run(['-p', 'more', '--resume', (session ?? '').slice(0, 8)])).stdout, 'Two.\n');
      const wrong = await place.run(['-p', 'more', '--resume', 'zzz']);
      assert.equal(wrong.code, 2);
      assert.ok(wrong.stderr.includes(session ?? '?'), wrong.stderr);
    });

    it('shows how far the work of a session has come, without its conversation', async () => {
      await setUp([reply.text('One.')]);
      const { session } = objectIn(await place.run(['-p', 'begin', '--output-format', 'json']));
      const { code, stdout } = await place.run(['--status', (session ?? '').slice(0, 8)]);
      assert.equal(code, 0);
      const record = JSON.parse(stdout);
      assert.deepEqual([record.session, record.stage, record.next], [session, 'done', 'nothing']);
      assert.doesNotMatch(stdout, /begin|One/);
      const wrong = await place.run(['--status', 'zzz']);
      assert.equal(wrong.code, 2);
      assert.match(wrong.stderr, /no record.*\n.*--status all/);
    });

    it('knows only sessions of its folder as the last', async () => {
      await setUp([reply.text('One.')]);
      await place.run(['-p', 'begin']);
      await mkdir(join(place.folder, 'sub'));
      const { code, stderr } = await place.run(['-p', 'x', '--resume', 'last', '--cwd', 'sub']);
      assert.equal(code, 2);
      assert.match(stderr, /no session/);
    });

    it('takes up a run that was killed, without its prompt being said again', async () => {
      await setUp([reply.text('Looking.').tool('glob', { pattern: '*' }), reply.text('cut').stall('mid-delta'), reply.text('Finished.')]);
      const { child, ended } = await place.start(['-p', 'begin']);
      await server.stalled();
      child.kill('SIGKILL');
      await ended;
      const { code, stdout } = await place.run(['--resume', 'last']);
      assert.deepEqual([code, stdout], [0, 'Finished.\n']);
      const last = JSON.stringify(server.requests.at(-1)?.json.messages);
      assert.equal(last.split('begin').length, 2);
    });

    it('keeps sessions where --storage says', async () => {
      await setUp([reply.text('x')]);
      const storage = join(place.folder, 'store');
      await place.run(['-p', 'x', '--storage', storage]);
      assert.equal((await readdir(join(storage, 'sessions'))).length, 1);
      await assert.rejects(readdir(join(place.home, '.plumb')));
    });
  });

  describe('signals', () => {
    it('cancels on SIGINT, ends the command that runs, and writes how it ended', async () => {
      await setUp([reply.tool('shell', { command: 'echo $$ > pid; sleep 60' })]);
      const { child, ended } = await place.start([
        '-p',
        'x',
        '--allow',
        'shell(*)',
        '--permission-mode',
        'edit',
        '--output-format',
        'json',
      ]);
      let pid = Number.NaN;
      while (!pid) pid = Number(await get('pid').catch(() => ''));
      child.kill('SIGINT');
      const done = await ended;
      assert.equal(done.code, 130);
      const outcome = objectIn(done);
      assert.equal(outcome.reason, 'cancelled');
      assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
      const log = await readFile(join(place.home, '.plumb', 'sessions', outcome.session ?? '', 'events.jsonl'), 'utf8');
      assert.match(log.trimEnd().split('\n').at(-1) ?? '', /"run_ended".*cancelled/);
    });

    it('cancels a stream that stalls', async () => {
      await setUp([reply.text('half of it').stall('mid-delta')]);
      const { child, ended } = await place.start(['-p', 'x']);
      await server.stalled();
      child.kill('SIGTERM');
      assert.equal((await ended).code, 143);
      await server.abandoned(1);
    });
  });

  describe('the prompt', () => {
    it('comes from standard input when asked, or when there is none', async () => {
      await setUp([...times(3, reply.text('ok'))]);
      for (const args of [['-p', '-'], ['-p'], []]) assert.equal((await place.run(args, { input: 'from the pipe\n' })).code, 0);
      for (const request of server.requests) assert.match(JSON.stringify(request.json.messages), /from the pipe/);
    });

    it('may begin with a dash', async () => {
      await setUp([reply.text('ok')]);
      assert.equal((await place.run(['-p', '- fix it', '--max-turns', '3'])).code, 0);
      assert.match(JSON.stringify(server.requests[0]?.json.messages), /- fix it/);
    });

    it('runs in --cwd', async () => {
      await setUp([reply.tool('glob', { pattern: '*' }), (request) => reply.text(JSON.stringify(lastToolResults(request)))]);
      await mkdir(join(place.folder, 'sub'));
      await put('sub/inner.txt', '');
      const { stdout } = await place.run(['-p', 'x', '--cwd', 'sub']);
      assert.match(stdout, /inner\.txt/);
    });
  });

  it('works on the offline demo model', async () => {
    await setUp();
    const { code, stdout } = await place.run(['-p', 'hello', '--output-format', 'json'], {
      env: { PLUMB_DEMO: '1', ANTHROPIC_BASE_URL: '', ANTHROPIC_API_KEY: '' },
    });
    assert.equal(code, 0);
    assert.match(zOutcome.parse(JSON.parse(stdout)).text, /demo/i);
    assert.equal(server.all.length, 0);
  });
});
