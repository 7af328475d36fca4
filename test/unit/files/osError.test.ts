import assert from 'node:assert/strict';
import { FsError } from '../../../src/files';
import { asFsErrors, osError, toFsError } from '../../../src/files/osError';

describe('files: system errors', () => {
  it('have a code by kind and the text with the number', () => {
    const seen = ['ENOENT', 'EACCES', 'EPERM', 'EINVAL', 'EISDIR', 'ELOOP', 'ENOSPC'].map((name) => {
      const { code, message } = osError(name);
      return [code, message];
    });
    assert.deepEqual(seen, [
      [-32004, 'No such file or directory (os error 2)'],
      [-32600, 'Permission denied (os error 13)'],
      [-32600, 'Operation not permitted (os error 1)'],
      [-32600, 'Invalid argument (os error 22)'],
      [-32603, 'Is a directory (os error 21)'],
      [-32603, 'Symbolic link loop (os error 40)'],
      [-32603, 'No space left on device (os error 28)'],
    ]);
  });

  it('keep a name that the table lacks', () => {
    assert.equal(
      toFsError(Object.assign(new Error('x'), { code: 'EODD', errno: -999 })).message.slice(0, 4),
      'EODD',
    );
  });

  it("leave Node's own text, with its path, out", () => {
    const error = Object.assign(new Error("ENOENT: no such file or directory, open '/secret'"), {
      code: 'ENOENT',
      errno: -2,
    });
    assert.equal(toFsError(error).message, 'No such file or directory (os error 2)');
  });

  it('take refusals of Node for invalid input, and anything else for other', async () => {
    const refusal = Object.assign(new Error('null bytes'), { code: 'ERR_INVALID_ARG_VALUE' });
    assert.equal(toFsError(refusal).code, -32600);
    assert.equal(toFsError(new Error('odd')).code, -32603);
    assert.equal(toFsError('text').message, 'text');
    await assert.rejects(
      asFsErrors(() => Promise.reject(new Error('odd'))),
      FsError,
    );
  });
});
