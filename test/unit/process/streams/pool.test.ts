import assert from 'node:assert/strict';
import { newOutputMemory, OutputLog } from '../../../../src/process/output/outputLog';
import { BufferPool, OUTPUT_SIZES, POISON } from '../../../../src/process/streams/bufferPool';
import { memoryMode } from '../../../../src/process/streams/memoryMode';

const SIZES = { pieceBytes: 1000, worthBytes: 800, maxFree: 2 };

describe('a pool of memory', () => {
  it('hands out again what everybody has released, and nothing before', () => {
    const pool = new BufferPool(SIZES, 'reuse');
    const first = pool.take();
    pool.retain(first);
    pool.release(first.subarray(10, 20));
    assert.notEqual(pool.take().buffer, first.buffer);
    pool.release(first);
    assert.equal(pool.take().buffer, first.buffer);
  });

  it('hands memory to one alone, though it was released too often', () => {
    const pool = new BufferPool(SIZES, 'reuse');
    const piece = pool.take();
    for (let times = 0; times < 3; times++) pool.release(piece);
    assert.notEqual(pool.take().buffer, pool.take().buffer);
  });

  it('never hands out again what was detached, nor what came from elsewhere', () => {
    const pool = new BufferPool(SIZES, 'reuse');
    const piece = pool.take();
    pool.retain(piece);
    pool.detach(piece);
    const foreign = Buffer.alloc(1000);
    for (const chunk of [piece, piece, foreign]) pool.release(chunk);
    const taken = pool.take().buffer;
    assert.ok(taken !== piece.buffer && taken !== foreign.buffer);
  });

  it('keeps no more ready than it is told to', () => {
    const pool = new BufferPool(SIZES, 'reuse');
    const pieces = Array.from({ length: 5 }, () => pool.take());
    for (const piece of pieces) pool.release(piece);
    const memory = new Set(pieces.map(({ buffer }) => buffer));
    const again = Array.from({ length: 5 }, () => memory.has(pool.take().buffer));
    assert.equal(again.filter(Boolean).length, 2);
  });

  it('copies what is worth it into a piece, and anything else into memory of that size', () => {
    const pool = new BufferPool(SIZES, 'reuse');
    for (const [bytes, takes] of [
      [799, 799],
      [800, 1000],
      [1000, 1000],
      [1001, 1001],
    ] as const) {
      const copy = pool.copy(Buffer.alloc(bytes, 7));
      assert.deepEqual([copy.length, copy.buffer.byteLength], [bytes, takes]);
      assert.ok(copy.every((byte) => byte === 7));
    }
  });

  it('that is switched off gives new memory each time, and keeps none', () => {
    const pool = new BufferPool(SIZES, 'fresh');
    const piece = pool.take().fill(1);
    pool.release(piece);
    assert.notEqual(pool.take().buffer, piece.buffer);
    assert.ok(piece.every((byte) => byte === 1));
    assert.equal(pool.isWorth(1000), false);
    assert.equal(pool.copy(Buffer.alloc(900)).buffer.byteLength, 900);
  });

  it('that is poisoned overwrites what is released, and refuses who uses it afterwards', () => {
    const pool = new BufferPool(SIZES, 'poison');
    const piece = pool.take().fill(1);
    pool.release(piece);
    assert.ok(piece.every((byte) => byte === POISON));
    for (const use of ['retain', 'release', 'detach'] as const)
      assert.throws(() => pool[use](piece), /memory was used after its release/);
  });

  it('is poisoned in this suite, as EXEC_SERVER_MEMORY says; anything else there is told', async () => {
    assert.equal(memoryMode(), 'poison');
    assert.equal(memoryMode({}), 'reuse');
    assert.equal(memoryMode({ EXEC_SERVER_MEMORY: 'fresh' }), 'fresh');
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    assert.equal(memoryMode({ EXEC_SERVER_MEMORY: 'off' }), 'reuse');
    assert.match((await warned).message, /^EXEC_SERVER_MEMORY can be reuse, fresh, poison, not "off"/);
  });

  it('shows a listener that holds a chunk which it was only lent', () => {
    const pool = new BufferPool(OUTPUT_SIZES, 'poison');
    const log = new OutputLog(0, undefined, newOutputMemory(pool));
    const wrong: Buffer[] = [];
    log.subscribe(
      (event) => {
        if (event.type === 'output') wrong.push(event.chunk);
      },
      0,
      'lent',
    );
    // The first and the last 512 KiB are kept for snapshots; what is between them is nobody's.
    for (let count = 0; count < 40; count++) {
      const chunk = pool.copy(Buffer.alloc(OUTPUT_SIZES.pieceBytes, 1));
      log.appendOutput('stdout', chunk);
      pool.release(chunk);
    }
    assert.ok(wrong.some((chunk) => chunk[0] === POISON));
    assert.ok(log.snapshot('stdout').bytes.every((byte) => byte === 1));
  });
});
