import assert from 'node:assert/strict';
import { osText } from '../../../src/os';

describe('osText', () => {
  (process.platform === 'linux' ? it : it.skip)("has the reference's words, which are musl's", () => {
    for (const [name, text] of [
      ['ELOOP', 'Symbolic link loop (os error 40)'],
      ['ENAMETOOLONG', 'Filename too long (os error 36)'],
      ['EMFILE', 'No file descriptors available (os error 24)'],
      ['EIO', 'I/O error (os error 5)'],
      ['ENOMEM', 'Out of memory (os error 12)'],
      ['ECHILD', 'No child process (os error 10)'],
      ['ENOTCONN', 'ENOTCONN (os error 107)'],
    ] as const)
      assert.equal(osText(name), text);
  });

  it('takes the number that the system gave, and makes none up', () => {
    assert.equal(osText('ELOOP', 62), 'Symbolic link loop (os error 62)');
    assert.equal(osText('EWHAT'), 'EWHAT');
  });
});
