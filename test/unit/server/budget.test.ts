import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { MemoryShare } from '../../../src/rpc';
import { ReplyBudget } from '../../../src/rpc/replyBudget';
import { Budget } from '../../../src/server/budget';
import { completeLimits, DEFAULT_LIMITS } from '../../../src/server/limits';

const MIB = 1024 * 1024;
const FULL = /^Error: what all clients may have the server hold is 4194304 bytes, which is used up/;

/** Two connections that share 4 MiB. */
function twoOfOne(freed?: () => void): { whole: Budget; first: Budget; second: Budget } {
  const whole = new Budget(4 * MIB, 'all clients', undefined, freed);
  return { whole, first: new Budget(8 * MIB, 'one', whole), second: new Budget(8 * MIB, 'two', whole) };
}

describe('budget of memory', () => {
  it('is one for all, and gives back what a part had when that ends', () => {
    const { first, second } = twoOfOne();
    first.reserve(3 * MIB);
    assert.throws(() => second.reserve(2 * MIB), FULL);
    second.reserve(MIB);
    first[Symbol.dispose]();
    second.reserve(2 * MIB);
    assert.throws(() => first.reserve(1), /^Error: one has ended$/);
  });

  it('leaves to each a half MiB of its own, whatever others hold', () => {
    const { first, second } = twoOfOne();
    first.reserve(4 * MIB);
    const share = new MemoryShare(second);
    share.add(MIB / 2);
    assert.throws(() => share.add(1), FULL);
    share.remove(MIB / 2);
    first.release(2 * MIB);
    share.add(2 * MIB);
    assert.equal(first.isFull, false);
    share.add(MIB / 2);
    assert.equal(first.isFull, true);
  });

  it('tells those who met no room when there is some, and who looks after memory when much is given back', async () => {
    let freed = 0;
    const whole = new Budget(64 * MIB, 'all', undefined, () => freed++);
    let told = 0;
    whole.onRoom(() => told++);
    whole.reserve(64 * MIB);
    whole.release(MIB);
    await turn();
    assert.deepEqual([told, freed], [0, 0]);
    assert.throws(() => whole.reserve(2 * MIB));
    whole.release(20 * MIB);
    await turn();
    assert.deepEqual([told, freed], [1, 1]);
  });

  it('makes a reply wait for what replies of another connection hold', async () => {
    const { first, second } = twoOfOne();
    const replies = [first, second].map((memory) => new ReplyBudget(() => 0, 16 * MIB, memory));
    const [one, two] = replies as [ReplyBudget, ReplyBudget];
    await one.reserve(4 * MIB);
    let isIn = false;
    const waiting = two.reserve(3 * MIB).then(() => (isIn = true));
    await turn();
    assert.equal(isIn, false);
    one.release(4 * MIB);
    await waiting;
  });

  it('tells a reply that waits too long which bound it met', async () => {
    const { first, second } = twoOfOne();
    first.reserve(4 * MIB);
    const replies = new ReplyBudget(() => 0, 16 * MIB, second, 10);
    await assert.rejects(replies.reserve(3 * MIB), FULL);
    await replies.reserve(MIB / 4);
    replies.clear();
  });

  it('counts a reply until it is read', () => {
    const { whole, first } = twoOfOne();
    let unsent = 0;
    const replies = new ReplyBudget(() => unsent, 16 * MIB, first);
    void replies.reserve(4 * MIB);
    unsent = 4 * MIB;
    replies.release(4 * MIB);
    assert.throws(() => whole.reserve(MIB), FULL);
    unsent = 0;
    replies.pump();
    whole.reserve(4 * MIB);
  });

  it('has room for the largest message, however large that may be', () => {
    const { heldBytes, heldBytesPerConnection } = completeLimits({ messageBytes: 256 * MIB });
    assert.ok(heldBytesPerConnection >= 512 * MIB && heldBytes >= heldBytesPerConnection);
    assert.deepEqual(completeLimits(), DEFAULT_LIMITS);
    assert.equal(completeLimits({ messageBytes: 256 * MIB, heldBytes: 64 * MIB }).heldBytes, 64 * MIB);
  });
});
