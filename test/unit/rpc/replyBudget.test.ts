import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { ReplyBudget } from '../../../src/rpc/replyBudget';
import { Budget } from '../../../src/server/budget';

/** A room of 100 bytes, and who has been let in. */
function room(): {
  unsent: { bytes: number };
  room: ReplyBudget;
  entered: string[];
  ask: (name: string, bytes: number) => void;
} {
  const unsent = { bytes: 0 };
  const entered: string[] = [];
  const room = new ReplyBudget(() => unsent.bytes, 100, new Budget(1e9, 'this test'));
  const ask = (name: string, bytes: number): void => void room.reserve(bytes).then(() => entered.push(name));
  return { unsent, room, entered, ask };
}

describe('room for replies', () => {
  it('lets in what fits, and the others in their order when it is given back', async () => {
    const { room: it, entered, ask } = room();
    ask('a', 60);
    ask('b', 60);
    ask('c', 10);
    await turn();
    assert.deepEqual(entered, ['a']);
    it.release(60);
    await turn();
    assert.deepEqual(entered, ['a', 'b', 'c']);
  });

  it('counts what has not left', async () => {
    const { unsent, room: it, entered, ask } = room();
    unsent.bytes = 100;
    ask('a', 1);
    await turn();
    assert.deepEqual(entered, []);
    unsent.bytes = 50;
    it.pump();
    await turn();
    assert.deepEqual(entered, ['a']);
  });

  it('makes one that is larger than the room alone', async () => {
    const { room: it, entered, ask } = room();
    ask('large', 1000);
    ask('small', 1);
    await turn();
    assert.deepEqual(entered, ['large']);
    it.release(1000);
    await turn();
    assert.deepEqual(entered, ['large', 'small']);
  });

  it('forgets who waits at the end', async () => {
    const { room: it, entered, ask } = room();
    ask('a', 100);
    ask('b', 1);
    it.clear();
    it.release(100);
    await turn();
    assert.deepEqual(entered, ['a']);
  });
});
