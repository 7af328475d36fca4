import assert from 'node:assert/strict';
import { BodyStore } from '../../../../src/http';
import { CappedStream } from '../../../../src/server/dialects/appServer/cappedStream';

/** Keeps what it is given, at most so many bytes at once. */
function kept(roomBytes = Infinity): ConstructorParameters<typeof CappedStream>[1] {
  let left = roomBytes;
  const add = (bytes: number): void => {
    if (bytes > left) throw new Error('no room');
    left -= bytes;
  };
  return { store: new BodyStore(1024 * 1024), add };
}

describe('CappedStream', () => {
  it('delivers up to the cap, and nothing afterwards', () => {
    const stream = new CappedStream(3, kept());
    assert.equal(stream.take(Buffer.from('ab'))?.toString(), 'ab');
    assert.equal(stream.capReached, false);
    assert.equal(stream.take(Buffer.from('cd'))?.toString(), 'c');
    assert.equal(stream.capReached, true);
    assert.equal(stream.take(Buffer.from('e')), undefined);
    assert.equal(stream.text(), 'abc');
  });

  it('with a cap of 0 reaches it by the first byte', () => {
    const stream = new CappedStream(0, kept());
    assert.equal(stream.capReached, false);
    assert.equal(stream.take(Buffer.from('a'))?.length, 0);
    assert.equal(stream.capReached, true);
  });

  it('keeps nothing unless told to', () => {
    const stream = new CappedStream(Infinity);
    assert.equal(stream.take(Buffer.from('a'))?.toString(), 'a');
    assert.equal(stream.text(), '');
  });

  it('ends where there is no memory for more, and says so', () => {
    const stream = new CappedStream(1024, kept(3));
    assert.equal(stream.take(Buffer.from('ab'))?.toString(), 'ab');
    assert.equal(stream.take(Buffer.from('cd')), undefined);
    assert.deepEqual([stream.capReached, stream.text()], [true, 'ab']);
  });

  it('keeps crumbs as they came', () => {
    const stream = new CappedStream(5000, kept());
    for (let index = 0; index < 3000; index++) stream.take(Buffer.from([(index % 10) + 48]));
    assert.equal(stream.text(), '0123456789'.repeat(300));
  });
});
