import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { StderrTail } from '../../../src/client/stderrTail';

const VERDICT = 'exec-server: attach failed: no writable place';

describe('the last words of an attach', () => {
  for (const [before, other] of [
    ['', ''],
    ['exec-server: attach: looks for Node\n', ''],
    ['Welcome to box\n', 'Welcome to box'],
    ['Session terminated, killing shell...', 'Session terminated, killing shell...'],
  ] as const)
    it(`tell why it failed, once, behind ${JSON.stringify(before)}`, () => {
      const stream = new PassThrough();
      const tail = new StderrTail(stream);
      stream.write(`${before}${VERDICT}\n`);
      stream.read();
      assert.equal(tail.verdict, 'no writable place');
      assert.equal(tail.text, other);
    });
});
