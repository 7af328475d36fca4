import assert from 'node:assert/strict';
import { HeadTailBudget } from '../../../../src/process/output/headTailBudget';
import { HeadTailBuffer } from '../../../../src/process/output/headTailBuffer';
import { BufferPool } from '../../../../src/process/streams/bufferPool';
import { FakeClock } from '../../../support/clock';
import { ByteRun } from '../../../../src/process/output/byteRun';

const KIB = 1024;
const pool = new BufferPool();

/** Bytes that tell where they stand. */
function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index++) bytes[index] = (index * 7 + (index >> 8)) & 0xff;
  return bytes;
}

/** Cuts `bytes` into parts whose sizes come in turn from `sizes`. */
function* parts(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

describe('the ends of the output', () => {
  for (const sizes of [[1], [1, 5000], [3000], [7, 2048, 2047, 9000], [65_536]]) {
    it(`keeps both ends exactly, in parts of ${sizes.join(', ')} bytes`, () => {
      const all = pattern(50_000);
      const ends = new HeadTailBuffer(pool, undefined, 8 * KIB);
      let given = 0;
      for (const part of parts(all, sizes)) {
        ends.append('stdout', part);
        given += part.length;
        const { bytes, gapAt, omittedBytes } = ends.snapshot('stdout');
        assert.equal(bytes.length + omittedBytes, given);
        if (given % 97 !== 0 && given < all.length) continue;
        const whole = all.subarray(0, given);
        const expected =
          omittedBytes === 0
            ? whole
            : Buffer.concat([whole.subarray(0, 8 * KIB), whole.subarray(given - 8 * KIB)]);
        assert.ok(bytes.equals(expected), `after ${given}`);
        assert.equal(gapAt, Math.min(given, 8 * KIB));
      }
      assert.equal(ends.snapshot('stdout').omittedBytes, 50_000 - 16 * KIB);
    });
  }

  it('keeps the streams apart', () => {
    const ends = new HeadTailBuffer(pool, undefined, KIB);
    ends.append('stderr', Buffer.from('note'));
    for (const part of parts(pattern(100 * KIB), [3000])) ends.append('stdout', part);
    assert.deepEqual(ends.snapshot('stderr'), { bytes: Buffer.from('note'), gapAt: 4, omittedBytes: 0 });
    assert.deepEqual(ends.snapshot('pty'), { bytes: Buffer.alloc(0), gapAt: 0, omittedBytes: 0 });
  });

  it('counts exactly when less may be kept, and keeps the first and the last', () => {
    const ends = new HeadTailBuffer(pool, undefined, 8 * KIB);
    const all = pattern(6 * KIB);
    ends.append('pty', all);
    ends.halve();
    ends.halve();
    const { bytes, gapAt, omittedBytes } = ends.snapshot('pty');
    assert.ok(bytes.equals(Buffer.concat([all.subarray(0, 2 * KIB), all.subarray(-2 * KIB)])));
    assert.deepEqual([gapAt, omittedBytes], [2 * KIB, 2 * KIB]);
    ends.append('pty', Buffer.from('end'));
    assert.equal(ends.snapshot('pty').bytes.subarray(-3).toString(), 'end');
    assert.equal(ends.snapshot('pty').omittedBytes, 2 * KIB + 3);
    ends.clear();
    assert.deepEqual(ends.snapshot('pty'), { bytes: Buffer.alloc(0), gapAt: 0, omittedBytes: 6 * KIB + 3 });
  });

  it('is a run of bytes that can be cut at both ends', () => {
    const run = new ByteRun(pool);
    run.push(Buffer.from('hello'));
    run.push(pattern(5000));
    run.push(Buffer.from('world'));
    run.dropFront(-1);
    run.dropFront(2);
    assert.equal(run.toBuffer().toString('latin1', 0, 3), 'llo');
    run.dropFront(5003);
    assert.equal(run.toBuffer().toString(), 'world');
    run.dropFront(1);
    run.truncate(2);
    assert.equal(run.toBuffer().toString(), 'or');
    run.dropFront(99);
    assert.equal(run.length, 0);
    run.push(Buffer.from('x'));
    assert.equal(run.toBuffer().toString(), 'x');
  });
});

describe('the bound on all ends together', () => {
  it('lets go of finished ones first, oldest first, then halves the largest', () => {
    const budget = new HeadTailBudget(pool, 100 * KIB);
    const [a, b, c] = [budget.open(), budget.open(), budget.open()];
    for (const ends of [a, b]) {
      ends.append('stdout', pattern(40 * KIB));
      budget.finish(ends);
    }
    c.append('stdout', pattern(40 * KIB));
    assert.deepEqual([a.length, b.length, c.length], [0, 40 * KIB, 40 * KIB]);
    c.append('stdout', pattern(200 * KIB));
    assert.equal(b.length, 0);
    assert.ok(budget.heldBytes <= 100 * KIB && budget.heldBytes === c.length, String(c.length));
    assert.equal(c.snapshot('stdout').omittedBytes, 240 * KIB - c.length);
  });

  it('forgets what finished long ago when something new starts', () => {
    let now = 0;
    const budget = new HeadTailBudget(pool, undefined, () => now);
    const ends = budget.open();
    ends.append('stderr', Buffer.from('x'));
    budget.finish(ends);
    now = 89_000;
    budget.open();
    assert.equal(ends.length, 1);
    now = 91_000;
    budget.open();
    assert.deepEqual([ends.length, budget.heldBytes], [0, 0]);
  });

  it('forgets it as well when nothing starts any more', async () => {
    using clock = new FakeClock();
    const budget = new HeadTailBudget(pool);
    for (let left = 2; left > 0; left--) {
      const ends = budget.open();
      ends.append('stdout', pattern(4 * KIB));
      budget.finish(ends);
      await clock.pass(30_000);
    }
    assert.equal(budget.heldBytes, 8 * KIB);
    await clock.pass(31_000);
    assert.equal(budget.heldBytes, 4 * KIB);
    await clock.pass(30_000);
    assert.equal(budget.heldBytes, 0);
  });

  it('remembers the last 1024 that finished, however little they hold', () => {
    const budget = new HeadTailBudget(pool, undefined, () => 0);
    const all = Array.from({ length: 1030 }, () => {
      const ends = budget.open();
      ends.append('stdout', Buffer.from('x'));
      budget.finish(ends);
      return ends;
    });
    assert.deepEqual(
      all.map(({ length }) => length),
      [...Array<number>(6).fill(0), ...Array<number>(1024).fill(1)],
    );
    assert.equal(budget.heldBytes, 1024);
  });
});
