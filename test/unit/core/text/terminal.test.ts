import assert from 'node:assert/strict';
import { plainTerminal } from '../../../../src/core/text/terminal';

describe('plainTerminal', () => {
  it('takes colours, titles and cursor moves out', () => {
    assert.equal(plainTerminal('\u001b[1;31mred\u001b[0m \u001b]0;title\u0007and\u001b]8;;http://x\u001b\\ link\u001b[2K'), 'red and link');
  });

  it('keeps the last state of a line that was written over', () => {
    assert.equal(plainTerminal('10%\r50%\r100%\r\ndone\rok'), '100%\nok');
  });

  it('keeps tabs, line endings and letters of any script', () => {
    assert.equal(plainTerminal('a\tb\r\nñ 漢 😀\u0000\u0008\n'), 'a\tb\nñ 漢 😀\n');
  });

  it('stays quick on a flood of broken sequences', () => {
    const started = performance.now();
    assert.equal(plainTerminal('\u001b]x'.repeat(200_000)).length, 200_000);
    assert.ok(performance.now() - started < 3000);
  });
});
