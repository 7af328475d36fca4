import assert from 'node:assert/strict';
import { BufferPool } from '../../../../src/environment';
import { execServer } from '../../../../src/protocol';
import { BackpressuredSink } from '../../../../src/server/sessions/notificationSink';

const { notificationHeads, outputNotification } = execServer.notifications;
const transport = { unsentBytes: 0, send: () => undefined, close: () => undefined };

describe('memory of messages', () => {
  const pool = new BufferPool({ pieceBytes: 96 * 1024, worthBytes: 16 * 1024, maxFree: 16 });
  const { allocate } = new BackpressuredSink(transport, 100, pool);
  const message = (fill: number, bytes = 65_536): Buffer =>
    outputNotification(allocate, notificationHeads('p'), 1, 'stdout', Buffer.alloc(bytes, fill));
  const chunkOf = (bytes: Buffer): Buffer => {
    const { params } = JSON.parse(bytes.toString()) as { params: { chunk: string } };
    return Buffer.from(params.chunk, 'base64');
  };

  it('is used again once it was sent, and only then', () => {
    const first = message(1);
    const second = message(2);
    assert.notEqual(first.buffer, second.buffer);
    pool.release(first);
    const third = message(3);
    assert.equal(third.buffer, first.buffer);
    assert.deepEqual(chunkOf(second), Buffer.alloc(65_536, 2));
    assert.deepEqual(chunkOf(third), Buffer.alloc(65_536, 3));
  });

  it('is of its own for what is small or very large', () => {
    for (const bytes of [10, 200_000]) {
      const first = message(1, bytes);
      pool.release(first);
      message(2, bytes);
      assert.deepEqual(chunkOf(first), Buffer.alloc(bytes, 1));
    }
  });
});
