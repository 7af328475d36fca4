import assert from 'node:assert/strict';
import { deltaMessage } from '../../../src/protocol/deltaMessage';
import { giveBackMessage } from '../../../src/protocol/messageMemory';

const message = (fill: number): Buffer => deltaMessage('{"chunk":"', Buffer.alloc(65_536, fill), '"}');
const chunkOf = (bytes: Buffer): Buffer =>
  Buffer.from((JSON.parse(bytes.toString()) as { chunk: string }).chunk, 'base64');

describe('memory of messages', () => {
  it('is used again once it was given back, and only then', () => {
    const first = message(1);
    const second = message(2);
    assert.notEqual(first.buffer, second.buffer);
    giveBackMessage(first);
    const third = message(3);
    assert.equal(third.buffer, first.buffer);
    assert.deepEqual(chunkOf(second), Buffer.alloc(65_536, 2));
    assert.deepEqual(chunkOf(third), Buffer.alloc(65_536, 3));
  });

  it('goes to one message, though it was given back twice', () => {
    const first = message(1);
    giveBackMessage(first);
    giveBackMessage(first);
    assert.notEqual(message(2).buffer, message(3).buffer);
  });

  it('is none of what came from elsewhere', () => {
    const foreign = Buffer.allocUnsafeSlow(96 * 1024);
    giveBackMessage(foreign);
    assert.notEqual(message(1).buffer, foreign.buffer);
  });
});
