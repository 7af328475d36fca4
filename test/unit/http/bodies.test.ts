import assert from 'node:assert/strict';
import { BodyRoom } from '../../../src/http';
import { BodyStore } from '../../../src/http/body/bodyStore';
import { Lifetime } from '../../../src/http/lifetime';
import { Budget } from '../../../src/server/budget';

const MIB = 1024 * 1024;

describe('http: where bodies are kept', () => {
  const pieces = (sizes: readonly number[]) => sizes.map((size, at) => Buffer.alloc(size, `${at}abc`));

  it('gives the bytes back, of bodies of all sizes', () => {
    for (const sizes of [[], [0], [5], [MIB], [MIB, 1], [MIB + 1], [10, 70_000, 3 * MIB, 1, 4 * MIB]]) {
      const all = pieces(sizes);
      using store = new BodyStore(16 * MIB);
      for (const piece of all) store.append(piece);
      assert.ok(store.whole().equals(Buffer.concat(all)), String(sizes));
    }
  });

  it('gives the memory of large ones back at once', () => {
    const store = new BodyStore(64 * MIB);
    const piece = Buffer.alloc(MIB, 'x');
    for (let at = 0; at < 60; at++) store.append(piece);
    const full = process.memoryUsage.rss();
    store[Symbol.dispose]();
    assert.ok(full - process.memoryUsage.rss() > 50 * MIB);
  });

  it('takes no more than its bound', () => {
    using store = new BodyStore(2 * MIB);
    store.append(Buffer.alloc(2 * MIB));
    assert.throws(() => store.append(Buffer.alloc(1)), RangeError);
  });
});

describe('http: room for bodies', () => {
  const forEver = () => new Lifetime(undefined, undefined);

  it('is there for the first; others wait for theirs, in order, and are let in', async () => {
    const budget = new Budget(1000, 'this connection');
    const room = new BodyRoom(budget, 100);
    const [first, second, third] = [room.open(), room.open(), room.open()];
    await first.grow(500, forEver());
    await second.grow(80, forEver());
    await second.grow(20, forEver());
    const entered: string[] = [];
    const waiting = [
      third.grow(40, forEver()).then(() => entered.push('third')),
      second.grow(10, forEver()).then(() => entered.push('second')),
    ];
    await first.grow(200, forEver());
    await new Promise(setImmediate);
    assert.deepEqual(entered, []);
    // The second is the first now, and has its own room.
    first[Symbol.dispose]();
    await Promise.all(waiting);
    assert.deepEqual(entered, ['third', 'second']);
    second[Symbol.dispose]();
    third[Symbol.dispose]();
    budget.reserve(1000);
  });

  it('is not waited for beyond the end of the request, or for ever', async () => {
    const budget = new Budget(1000, 'this connection');
    const room = new BodyRoom(budget, 100, 50);
    using first = room.open();
    using second = room.open();
    await first.grow(1, forEver());
    const controller = new AbortController();
    const ended = second.grow(200, new Lifetime(undefined, controller.signal));
    controller.abort(new Error('enough'));
    await assert.rejects(ended, /^Error: enough$/);
    const text =
      /other bodies of this connection left no room for 0\.05 s: beside the first they may have 100 bytes/;
    await assert.rejects(second.grow(200, forEver()), text);
  });

  it('is paid for by the budget, which names itself, and gives all back at an end', async () => {
    const whole = new Budget(150, 'all clients together');
    const part = new Budget(100, 'this connection', whole);
    const other = new Budget(100, 'this connection', whole);
    const body = new BodyRoom(part).open();
    await body.grow(90, forEver());
    const used =
      /^Error: what this connection may have the server hold is 100 bytes, which is used up; try again when some of it was taken$/;
    await assert.rejects(body.grow(11, forEver()), used);
    assert.throws(() => other.reserve(61), /what all clients together may have the server hold is 150 bytes/);
    other.reserve(60);
    part[Symbol.dispose]();
    body[Symbol.dispose]();
    other.reserve(40);
    whole.reserve(50);
    assert.throws(() => part.reserve(1), /has ended/);
  });
});
