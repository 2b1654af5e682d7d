import { strict as assert } from 'node:assert';
import { programNamed, programNames } from '../../../../src/tools/shell/programs';
import { readArgs, type Spec } from '../../../../src/tools/shell/table';
import { tokenize, type Word } from '../../../../src/tools/shell/tokenize';

function words(text: string): readonly Word[] {
  const read = tokenize(text);
  assert.ok(read.ok);
  return read.tokens.filter((token) => token.kind === 'word');
}
const allowed = (spec: Omit<Spec, 'does'>, text: string): boolean => readArgs({ does: 'x', ...spec }, words(text)).ok;

describe('program tables', () => {
  it('read without a mistake: every entry is well formed and no flag has two meanings', () => {
    const walk = (spec: Spec): void => {
      readArgs(spec, []);
      for (const inner of Object.values(spec.sub ?? {})) walk(inner);
    };
    for (const name of programNames()) {
      const spec = programNamed(name);
      assert.ok(spec);
      walk(spec);
    }
    assert.ok(programNames().length >= 400);
  });

  it('knows nothing that JavaScript objects have of themselves', () => {
    assert.equal(programNamed('constructor'), undefined);
    assert.equal(programNamed('toString'), undefined);
  });

  const spec = { flags: '-a -n: -M? -# --all --lines= --color[=] -name: --arg:2 --from=@', operands: 'text' } as const;
  for (const good of [
    '-a',
    '-n 5',
    '-n5',
    '-an5',
    '-M',
    '-M50',
    '-20',
    '--all',
    '--lines=5',
    '--lines 5',
    '--color',
    '--color=never',
    '-name x',
    '--arg a b',
    '-- -x',
  ]) {
    it(`takes ${good}`, () => assert.equal(allowed(spec, good), true));
  }
  for (const bad of [
    '-b',
    '-ab',
    '--al',
    '--all=x',
    '--line=5',
    '-n',
    '--arg a',
    '-n --out=f',
    '-n -x',
    '--lines --all',
    '-x5',
    '-*',
    '-n *',
  ]) {
    it(`does not take ${bad}`, () => assert.equal(allowed(spec, bad), false));
  }

  it('lets a file pattern stand only where a name cannot become an option', () => {
    assert.equal(allowed({ operands: 'paths' }, '*.ts'), false);
    assert.equal(allowed({ operands: 'paths' }, 'src/*.ts'), true);
    assert.equal(allowed({ operands: 'paths' }, '-- *.ts'), true);
    assert.equal(allowed({ operands: 'paths', tame: true }, '*.ts'), true);
  });

  it('names the files that flags read', () => {
    const read = readArgs({ does: 'x', ...spec }, words('--from=/etc/passwd'));
    assert.deepEqual(read.ok && read.args.flagPaths, ['/etc/passwd']);
  });
});
