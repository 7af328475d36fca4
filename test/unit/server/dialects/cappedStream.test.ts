import assert from 'node:assert/strict';
import { CappedStream } from '../../../../src/server/dialects/appServer/cappedStream';

describe('CappedStream', () => {
  it('delivers up to the cap, and nothing afterwards', () => {
    const stream = new CappedStream(3, true);
    assert.equal(stream.take(Buffer.from('ab'))?.toString(), 'ab');
    assert.equal(stream.capReached, false);
    assert.equal(stream.take(Buffer.from('cd'))?.toString(), 'c');
    assert.equal(stream.capReached, true);
    assert.equal(stream.take(Buffer.from('e')), undefined);
    assert.equal(stream.text(), 'abc');
  });

  it('with a cap of 0 reaches it by the first byte', () => {
    const stream = new CappedStream(0, true);
    assert.equal(stream.capReached, false);
    assert.equal(stream.take(Buffer.from('a'))?.length, 0);
    assert.equal(stream.capReached, true);
  });

  it('keeps nothing unless told to', () => {
    const stream = new CappedStream(Infinity, false);
    assert.equal(stream.take(Buffer.from('a'))?.toString(), 'a');
    assert.equal(stream.text(), '');
  });
});
