import assert from 'node:assert/strict';
import { FsError } from '../../../src/files';
import { asFsErrors, osError, toFsError } from '../../../src/files/osError';

describe('files: system errors', () => {
  it('have a kind and the text with the number', () => {
    const seen = ['ENOENT', 'EACCES', 'EPERM', 'EINVAL', 'EISDIR', 'ELOOP', 'ENOSPC'].map((name) => {
      const { kind, message } = osError(name);
      return [kind, message];
    });
    assert.deepEqual(seen, [
      ['notFound', 'No such file or directory (os error 2)'],
      ['invalid', 'Permission denied (os error 13)'],
      ['invalid', 'Operation not permitted (os error 1)'],
      ['invalid', 'Invalid argument (os error 22)'],
      ['other', 'Is a directory (os error 21)'],
      ['other', 'Symbolic link loop (os error 40)'],
      ['other', 'No space left on device (os error 28)'],
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
    assert.equal(toFsError(refusal).kind, 'invalid');
    assert.equal(toFsError(new Error('odd')).kind, 'other');
    assert.equal(toFsError('text').message, 'text');
    await assert.rejects(
      asFsErrors(() => Promise.reject(new Error('odd'))),
      FsError,
    );
  });
});
