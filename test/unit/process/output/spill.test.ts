import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { OutputLog } from '../../../../src/process/output/outputLog';
import { BufferPool } from '../../../../src/process/streams/bufferPool';
import { BLOCK_SIZES } from '../../../../src/process/output/spillQueue';
import { SpillFile } from '../../../../src/process/output/spillFile';
import { SpillFolder } from '../../../../src/process/output/spillFolder';
import type { OutputChunk } from '../../../../src/process/types';
import { until } from '../helpers';

const MIB = 1024 * 1024;

/** The descriptors of this process that lead into a folder. */
function openIn(folder: string): string[] {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(`${folder}/`);
    } catch {
      return false;
    }
  });
}

interface Read {
  readonly chunks: OutputChunk[];
  readonly missing: number;
}

/** All that a reader gets who goes on at `nextSeq`, and what it hears is missing. */
async function readOn(log: OutputLog, maxBytes?: number, from = 0): Promise<Read> {
  const chunks: OutputChunk[] = [];
  let missing = 0;
  for (let afterSeq = from; ;) {
    const page = await log.readAll(afterSeq, maxBytes);
    chunks.push(...page.chunks);
    missing += page.droppedBytes;
    if (page.chunks.length === 0) return { chunks, missing };
    afterSeq = page.nextSeq - 1;
  }
}

const bytesOf = (chunks: readonly OutputChunk[]): Buffer => Buffer.concat(chunks.map(({ chunk }) => chunk));

describe('output beyond the memory bound', () => {
  let folder = '';
  let told: string[] = [];
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'spill-')), 'made', 'when needed');
    told = [];
  });
  afterEach(() => rmSync(join(folder, '../..'), { recursive: true, force: true }));

  const spillsOf = (perFile = 256 * MIB, total = 1024 * MIB): SpillFolder =>
    new SpillFolder({ folder, onTrouble: (problem) => told.push(problem) }, perFile, total);
  const logOf = (spills: SpillFolder, memory = 100): OutputLog =>
    new OutputLog(memory, undefined, undefined, spills);

  it('is read from a file, byte by byte, by every cursor and bound, and while more comes', async () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant(70_000)), { maxLength: 80 });
    const bound = fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(sizes, sizes, bound, fc.nat(100), async (before, after, maxBytes, cursor) => {
        const spills = spillsOf();
        const log = logOf(spills);
        const all: Buffer[] = [];
        const append = (size: number): void => {
          const chunk = Buffer.alloc(size, log.nextSeq);
          all.push(chunk);
          log.appendOutput(log.nextSeq % 2 ? 'stdout' : 'stderr', Buffer.from(chunk));
        };
        before.forEach(append);
        const reading = readOn(log, maxBytes);
        after.forEach(append);
        const { chunks, missing } = await reading;
        const rest = await readOn(log, maxBytes, chunks.at(-1)?.seq);
        chunks.push(...rest.chunks);
        assert.equal(missing + rest.missing, 0);
        assert.deepEqual(bytesOf(chunks), Buffer.concat(all));
        assert.ok(
          chunks.every(({ seq, stream }, i) => seq === i + 1 && stream === (seq % 2 ? 'stdout' : 'stderr')),
        );
        const [next] = (await log.readAll(cursor, 1)).chunks;
        assert.equal(next?.seq, cursor < all.length ? cursor + 1 : undefined);
        assert.equal(log.droppedBytes, 0);
        assert.equal(log.retainedBytes + log.spilledBytes, log.totalBytes);
        log.removeSpill();
        assert.equal(spills.bytes, 0);
      }),
      { numRuns: 60 },
    );
    assert.deepEqual(told, []);
  });

  it('lies in a file that only its owner could open, without a name, and goes with its row', async function () {
    if (process.platform !== 'linux') this.skip();
    const log = logOf(spillsOf());
    for (let i = 0; i < 10; i++) log.appendOutput('stdout', Buffer.alloc(100));
    await readOn(log);
    const [fd] = openIn(folder);
    assert.equal(statSync(`/proc/self/fd/${fd}`).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), []);
    log.removeSpill();
    await until(() => openIn(folder).length === 0);
    assert.equal((await readOn(log)).missing, 900);
    assert.equal(log.droppedBytes, 900);
  });

  it('the next host removes what one before could not', async () => {
    const log = logOf(spillsOf());
    log.appendOutput('stdout', Buffer.alloc(200));
    await readOn(log);
    const left = join(folder, 'output-01234567-0123-0123-0123-0123456789ab');
    writeFileSync(left, 'left by a crash');
    writeFileSync(join(folder, 'of somebody else'), '');
    await spillsOf().sweep();
    assert.deepEqual(readdirSync(folder), ['of somebody else']);
    log.removeSpill();
  });

  it('beyond the bound of a file the middle is gone, and each reader is told where and how much', async () => {
    const log = logOf(spillsOf(3 * 111), 100);
    for (let i = 1; i <= 10; i++) log.appendOutput('stdout', Buffer.alloc(100, i));
    const first = await log.readAll(0);
    assert.deepEqual(
      first.chunks.map(({ seq }) => seq),
      [1, 2, 3],
    );
    assert.deepEqual([first.droppedBytes, first.nextSeq, first.closed], [0, 4, false]);
    const second = await log.readAll(3);
    assert.deepEqual(
      second.chunks.map(({ seq }) => seq),
      [10],
    );
    assert.deepEqual([second.droppedBytes, second.nextSeq], [600, 11]);
    assert.equal(log.droppedBytes, 600);
    log.removeSpill();
  });

  it('a reader without a bound hears of the end only with the end', async () => {
    const log = logOf(spillsOf(3 * 111), 100);
    for (let i = 1; i <= 10; i++) log.appendOutput('stdout', Buffer.alloc(100, i));
    log.appendExited(3);
    log.appendClosed();
    const first = await log.readAll(0);
    assert.deepEqual([first.exited, first.exitCode, first.closed], [false, null, false]);
    const second = await log.readAll(first.nextSeq - 1);
    assert.deepEqual([second.exited, second.exitCode, second.closed, second.nextSeq], [true, 3, true, 13]);
    log.removeSpill();
  });

  it('beyond the bound of all, what finished first goes first; then nothing more is written', async () => {
    const spills = spillsOf(MIB, 1000);
    const [first, second, running] = [logOf(spills), logOf(spills), logOf(spills)];
    for (const log of [second, first]) {
      for (let i = 0; i < 5; i++) log.appendOutput('stdout', Buffer.alloc(100));
      log.appendExited(0);
      log.appendClosed();
    }
    for (let i = 0; i < 3; i++) running.appendOutput('stdout', Buffer.alloc(100));
    assert.deepEqual([first.droppedBytes, second.droppedBytes, running.droppedBytes], [0, 400, 0]);
    for (let i = 0; i < 20; i++) running.appendOutput('stdout', Buffer.alloc(100));
    assert.equal(first.droppedBytes, 400);
    assert.equal(running.spilledBytes, 900);
    assert.equal(running.droppedBytes, 1300);
    assert.ok(spills.bytes <= 1000);
    spills.setLimits(0, 0);
    assert.equal(spills.bytes, 0);
    assert.equal(running.droppedBytes, 2200);
  });

  it('a folder that cannot be made costs nothing but the bytes, and is told', async () => {
    const file = join(folder, '../..', 'file');
    writeFileSync(file, '');
    folder = join(file, 'below');
    const log = logOf(spillsOf());
    for (let i = 0; i < 10; i++) log.appendOutput('stdout', Buffer.alloc(100));
    const { chunks, missing } = await readOn(log);
    assert.deepEqual([bytesOf(chunks).length, missing, log.droppedBytes], [100, 900, 900]);
    assert.match(told.join(), /ENOTDIR/);
    assert.match(log.spillProblem ?? '', /ENOTDIR/);
    log.appendOutput('stdout', Buffer.alloc(100));
    assert.equal(log.droppedBytes, 1000);
    folder = join(file, '..', 'x', 'y');
  });

  it('a process waits for a slow disk, and no longer than a second for one that hangs', async () => {
    let fail = (_: Error): void => undefined;
    const opened = new Promise<number>((_, reject) => (fail = reject));
    const waits: boolean[] = [];
    let lost = 0;
    const keeper = {
      pool: new BufferPool(BLOCK_SIZES),
      admit: () => true,
      freed: () => undefined,
      create: () => opened,
      trouble: (problem: string) => told.push(problem),
    };
    const file = new SpillFile(keeper, {
      lost: (_, bytes) => (lost += bytes),
      behind: (isBehind) => waits.push(isBehind),
    });
    let taken = 0;
    // What comes of itself, although the process should wait, has a bound too.
    for (let seq = 1; seq <= 200; seq++) {
      if (file.take({ seq, stream: 'stdout', chunk: Buffer.alloc(65_536) })) taken++;
      if (seq === 20) assert.deepEqual(waits, []);
    }
    assert.deepEqual(waits, [true]);
    assert.ok(taken * 65_536 < 9 * MIB && taken > 100, String(taken));
    await until(() => told.length > 0);
    assert.deepEqual(waits, [true, false]);
    assert.equal(lost, taken * 65_536);
    assert.match(told.join(), /too slow/);
    assert.deepEqual(await file.read(0, MIB), []);
    fail(new Error('over'));
  });

  it('a full disk: what is on it stays, the rest counts as dropped', async function () {
    const mount = join(folder, '../..');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', mount], { stdio: 'ignore' });
    } catch {
      this.skip();
    }
    try {
      const log = logOf(spillsOf(), 10_000);
      const all: Buffer[] = [];
      for (let i = 0; i < 300; i++) {
        all.push(Buffer.alloc(10_000, i));
        log.appendOutput('pty', Buffer.alloc(10_000, i));
        if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const { chunks, missing } = await readOn(log);
      assert.match(told.join(), /ENOSPC/);
      assert.ok(chunks.length > 50, String(chunks.length));
      for (const { seq, chunk } of chunks) assert.deepEqual(chunk, all[seq - 1]);
      assert.equal(chunks.at(-1)?.seq, 300);
      assert.equal(bytesOf(chunks).length + missing, 3_000_000);
      assert.equal(log.droppedBytes, missing);
      log.removeSpill();
    } finally {
      execFileSync('umount', ['-l', mount]);
    }
  });
});
