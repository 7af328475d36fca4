import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ManagedProcess } from '../../../../src/process/managedProcess';
import { newOutputMemory, OutputLog } from '../../../../src/process/output/outputLog';
import { ProcessTable } from '../../../../src/process/processTable';
import { BufferPool } from '../../../../src/process/streams/bufferPool';
import { FLOOD, OWNER, posix, spec, untilClosed } from '../helpers';

const MIB = 16;
const BYTES = MIB * 1024 * 1024;
const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

(posix ? describe : describe.skip)(`memory of output is used again (${MIB} MiB)`, function () {
  const table = new ProcessTable();
  const expected = FLOOD.digest(MIB);
  after(() => table.shutdown());

  for (const tty of [false, true]) {
    describe(tty ? 'terminal' : 'pipe', () => {
      const flood = (): Promise<ManagedProcess> =>
        table.start('id', spec([process.execPath, '-e', FLOOD.script(MIB)], { tty }), OWNER);

      it('by later chunks when its listener is only lent them, each whole in its time', async () => {
        const child = await flood();
        const hash = createHash('sha256');
        const memory = new Set<ArrayBufferLike>();
        let large = 0;
        child.subscribe(
          (event) => {
            if (event.type !== 'output') return;
            hash.update(event.chunk);
            // Slower than the child, so that chunks are large.
            for (const end = performance.now() + 0.5; performance.now() < end;);
            if (event.chunk.length < 60_000) return;
            large += event.chunk.length;
            memory.add(event.chunk.buffer);
          },
          0,
          'lent',
        );
        await untilClosed(child, 60_000);
        assert.equal(hash.digest('hex'), expected);
        assert.ok(large > BYTES / 4, `only ${large} bytes came in large chunks`);
        // 1 MiB is retained, and another for the ends.
        assert.ok(memory.size < 64, `${memory.size} pieces of memory for ${large} bytes`);
      });

      it('but not while a listener keeps its chunks', async () => {
        const child = await flood();
        const kept: Buffer[] = [];
        child.subscribe(() => undefined, 0, 'lent');
        child.subscribe((event) => {
          if (event.type === 'output') kept.push(event.chunk);
        });
        await untilClosed(child, 60_000);
        assert.equal(sha(Buffer.concat(kept)), expected);
      });

      it('nor what a reader or a late listener has got', async () => {
        const child = await flood();
        const got: { readonly chunk: Buffer; readonly sha: string }[] = [];
        const note = (chunk: Buffer): void => void got.push({ chunk, sha: sha(chunk) });
        let seen = 0;
        child.subscribe(
          (event) => {
            if (event.type !== 'output') return;
            seen++;
            if (seen % 50 === 20)
              void child.read({ afterSeq: event.seq - 5 }).then(({ chunks }) => {
                for (const { chunk } of chunks) note(chunk);
              });
            if (seen % 50 !== 45) return;
            const late = child.subscribe((old) => {
              if (old.type === 'output' && old.seq <= event.seq) note(old.chunk);
            }, event.seq - 5);
            late.dispose();
          },
          0,
          'lent',
        );
        await untilClosed(child, 60_000);
        assert.ok(got.length > 10);
        for (const { chunk, sha: before } of got) assert.equal(sha(chunk), before);
      });

      it('nor what is retained, or stands for the beginning and the end', async () => {
        const child = await flood();
        const all: Buffer[] = [];
        child.subscribe(
          (event) => {
            if (event.type === 'output') all.push(Buffer.from(event.chunk));
          },
          0,
          'lent',
        );
        await untilClosed(child, 60_000);
        const output = Buffer.concat(all);
        assert.equal(sha(output), expected);
        // Another one takes what memory is free.
        const other = await flood();
        await untilClosed(other, 60_000);
        const { chunks, droppedBytes } = await child.read();
        assert.equal(
          sha(Buffer.concat(chunks.map(({ chunk }) => chunk))),
          sha(output.subarray(droppedBytes)),
        );
        const { bytes, gapAt, omittedBytes } = child.snapshot(tty ? 'pty' : 'stdout');
        const ends = [output.subarray(0, gapAt), output.subarray(gapAt + omittedBytes)];
        assert.equal(sha(bytes), sha(Buffer.concat(ends)));
      });
    });
  }
});

it('a listener that causes output itself gets it whole, although it gets it late', () => {
  const pool = new BufferPool();
  const log = new OutputLog(0, undefined, newOutputMemory(pool));
  const append = (): void => {
    const piece = pool.take().fill(log.nextSeq);
    log.appendOutput('pty', piece);
    pool.release(piece);
  };
  const seen: [seq: number, bytes: number[]][] = [];
  log.subscribe(
    (event) => {
      if (event.type !== 'output') return;
      if (event.seq === 1) for (let count = 0; count < 20; count++) append();
      seen.push([event.seq, [...new Set(event.chunk)]]);
    },
    0,
    'lent',
  );
  append();
  const expected = Array.from({ length: 21 }, (_, index) => [index + 1, [index + 1]]);
  assert.deepEqual(seen, expected);
});
