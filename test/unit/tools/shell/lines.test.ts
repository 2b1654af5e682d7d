import { strict as assert } from 'node:assert';
import { type Classified, classifyCommand } from '../../../../src/tools/shell/classify';
import { allLines, type Lines } from './lines';
import { asset, documents, ROOT } from './scene';

const classify = (line: string, shell: Lines['shell']): Promise<Classified> =>
  classifyCommand(line, { shell, cwd: ROOT, roots: [ROOT], asset, documents });

/** The share that must be named so; the rest asks, which is safe. */
const LEAST = { bash: 0.98, zsh: 0.96, sh: 0.98, powershell: 0.95, cmd: 0.95 } as const;

describe('lines of every day and of bad days', function () {
  this.timeout(60_000);

  for (const { file, shell, kind, lines } of allLines()) {
    it(`classes the ${lines.length} of ${file}`, async () => {
      const wrong: string[] = [];
      for (const line of lines) {
        const { class: effect, why } = await classify(line, shell);
        const right = kind === 'ask' ? effect !== 'read_only' : effect === kind.replace('-', '_');
        if (!right) wrong.push(`${line} → ${effect}: ${why}`);
        assert.ok(kind === 'read-only' || effect !== 'read_only', `passes unasked: ${line}`);
      }
      const least = kind === 'ask' ? 1 : kind === 'destructive' ? 0.97 : LEAST[shell];
      assert.ok(1 - wrong.length / lines.length >= least, wrong.join('\n'));
    });
  }

  it('takes nothing for a program that JavaScript objects have of themselves', async () => {
    for (const line of ['constructor', '__proto__ x', 'toString', 'hasOwnProperty a']) {
      for (const shell of ['bash', 'powershell', 'cmd'] as const) assert.notEqual((await classify(line, shell)).class, 'read_only', line);
    }
  });

  it('tells part by part what a line does', async () => {
    const { class: effect, parts, why } = await classify('git status && rm -rf dist > log', 'bash');
    assert.equal(effect, 'destructive');
    assert.deepEqual(
      parts.map((part) => [part.text, part.class]),
      [
        ['git status', 'read_only'],
        ['rm -rf dist', 'destructive'],
        ['> log', 'mutating'],
      ],
    );
    assert.match(why, /deletes/);
  });

  it('asks for what may be private, and not for what every user sees', async () => {
    const of = async (line: string) => (await classify(line, 'bash')).class;
    for (const line of [
      'cat ../x',
      'cat ~/notes.txt',
      'cat .env',
      'cat /etc/shadow',
      'cd /tmp/other && git log',
      'git -C /tmp/other status',
    ])
      assert.equal(await of(line), 'must_ask', line);
    for (const line of ['cat /etc/os-release', 'ls ~', 'ls -la .env', 'stat ~/.ssh/id_rsa', 'head /tmp/build.log', 'cat /proc/cpuinfo'])
      assert.equal(await of(line), 'read_only', line);
  });
});
