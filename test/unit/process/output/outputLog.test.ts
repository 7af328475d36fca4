import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DroppedIndex } from '../../../../src/process/output/droppedIndex';
import { OutputLog } from '../../../../src/process/output/outputLog';
import type { OutputChunk, ProcessEvent, ReadResult } from '../../../../src/process/types';
import { assertGrowth } from '../../../support/growth';

/** Keeps everything, and answers from docs/protocol/read.md#cursor word by word. */
class SlowLog {
  readonly events: ProcessEvent[] = [];
  #firstRetained = 0;
  constructor(private limit: number) {}

  append(event: { type: 'output'; size: number } | { type: 'exited' } | { type: 'closed' }): void {
    const seq = this.events.length + 1;
    if (event.type === 'output') {
      this.events.push({ type: 'output', seq, stream: 'stdout', chunk: Buffer.alloc(event.size, seq) });
    } else if (event.type === 'exited') this.events.push({ type: 'exited', seq, exitCode: 7 });
    else this.events.push({ type: 'closed', seq });
    this.evict();
  }

  setLimit(limit: number): void {
    this.limit = limit;
    this.evict();
  }

  private outputs(): OutputChunk[] {
    return this.events.flatMap((e) =>
      e.type === 'output' ? [{ seq: e.seq, stream: e.stream, chunk: e.chunk }] : [],
    );
  }

  private evict(): void {
    const all = this.outputs();
    while (size(all.slice(this.#firstRetained)) > this.limit) this.#firstRetained++;
  }

  get dropped(): number {
    return size(this.outputs().slice(0, this.#firstRetained));
  }

  read(afterSeq: number, maxBytes?: number): ReadResult {
    const all = this.outputs();
    const after = all.slice(this.#firstRetained).filter(({ seq }) => seq > afterSeq);
    const chunks: OutputChunk[] = [];
    for (const chunk of after) {
      if (maxBytes !== undefined && chunks.length > 0) {
        if (size(chunks) >= maxBytes || size([...chunks, chunk]) > maxBytes) break;
      }
      chunks.push(chunk);
    }
    const last = chunks.at(-1);
    const exited = this.events.some(({ type }) => type === 'exited');
    return {
      chunks,
      nextSeq: maxBytes !== undefined && last ? last.seq + 1 : this.events.length + 1,
      exited,
      exitCode: exited ? 7 : null,
      closed: this.events.some(({ type }) => type === 'closed'),
      droppedBytes: size(all.slice(0, this.#firstRetained).filter(({ seq }) => seq > afterSeq)),
    };
  }

  hasNews(afterSeq: number): boolean {
    const { chunks, closed, exited } = this.read(afterSeq);
    return chunks.length > 0 || closed || (exited && afterSeq < this.events.length);
  }
}

function size(chunks: readonly OutputChunk[]): number {
  return chunks.reduce((sum, { chunk }) => sum + chunk.length, 0);
}

type Step = { size: number } | { limit: number };
const steps = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.record({ size: fc.integer({ min: 1, max: 40 }) }) },
    { weight: 1, arbitrary: fc.record({ limit: fc.integer({ min: 0, max: 200 }) }) },
  ),
  { maxLength: 60 },
);

/** Plays the same history into both logs: output, at some point the exit, at the end maybe the close. */
function play(history: readonly Step[], exitAt: number, close: boolean): [OutputLog, SlowLog] {
  const log = new OutputLog(100);
  const slow = new SlowLog(100);
  history.forEach((step, index) => {
    if (index === exitAt) {
      log.appendExited(7);
      slow.append({ type: 'exited' });
    }
    if ('limit' in step) {
      log.setLimit(step.limit);
      slow.setLimit(step.limit);
    } else {
      log.appendOutput('stdout', Buffer.alloc(step.size, log.nextSeq));
      slow.append({ type: 'output', size: step.size });
    }
  });
  if (close && log.exited) {
    log.appendClosed();
    slow.append({ type: 'closed' });
  }
  return [log, slow];
}

describe('OutputLog', () => {
  const cursor = fc.integer({ min: 0, max: 70 });
  const maxBytes = fc.option(fc.integer({ min: 0, max: 150 }), { nil: undefined });

  it('reads as the protocol says, for every history and cursor', () => {
    fc.assert(
      fc.property(steps, cursor, fc.boolean(), cursor, maxBytes, (history, exitAt, close, afterSeq, max) => {
        const [log, slow] = play(history, exitAt, close);
        assert.deepEqual(log.read(afterSeq, max), slow.read(afterSeq, max));
        assert.equal(log.hasNews(afterSeq), slow.hasNews(afterSeq));
        assert.equal(log.droppedBytes, slow.dropped);
        assert.equal(log.totalBytes - log.droppedBytes, log.retainedBytes);
      }),
      { numRuns: 500 },
    );
  });

  it('gives a reader that follows nextSeq every retained chunk once, whatever its maxBytes', () => {
    fc.assert(
      fc.property(steps, cursor, maxBytes, (history, exitAt, max) => {
        const [log] = play(history, exitAt, true);
        const seen: number[] = [];
        let afterSeq = 0;
        while (afterSeq < log.nextSeq - 1) {
          const { chunks, nextSeq } = log.read(afterSeq, max);
          seen.push(...chunks.map(({ seq }) => seq));
          assert.ok(nextSeq - 1 > afterSeq);
          afterSeq = nextSeq - 1;
        }
        assert.deepEqual(
          seen,
          log.read(0).chunks.map(({ seq }) => seq),
        );
      }),
    );
  });

  it('attaches after any cursor: retained events first, then live ones, in order, none twice', () => {
    fc.assert(
      fc.property(steps, steps, cursor, cursor, (before, after, exitAt, afterSeq) => {
        const [log, slow] = play(before, exitAt, false);
        const retained = new Set(log.read(0).chunks.map(({ seq }) => seq));
        const expected = slow.events.filter(
          ({ seq, type }) => seq > afterSeq && (type !== 'output' || retained.has(seq)),
        );
        const seen: ProcessEvent[] = [];
        const detach = log.subscribe((event) => seen.push(event), afterSeq);
        assert.deepEqual(seen, expected);
        for (const step of after) {
          if ('limit' in step) log.setLimit(step.limit);
          else log.appendOutput('stdout', Buffer.alloc(step.size));
        }
        const live = seen.slice(expected.length).map(({ seq }) => seq);
        assert.deepEqual(
          live,
          Array.from({ length: log.nextSeq - 1 - slow.events.length }, (_, i) => slow.events.length + 1 + i),
        );
        detach();
        log.appendOutput('stdout', Buffer.from('x'));
        assert.equal(seen.length, expected.length + live.length);
      }),
    );
  });

  it('keeps the order for a listener that causes the next event itself', () => {
    const log = new OutputLog(1);
    const seen: number[] = [];
    log.subscribe((event) => {
      if (event.seq < 5) log.appendOutput('stderr', Buffer.from('more than is retained'));
      seen.push(event.seq);
    });
    const later: number[] = [];
    log.subscribe((event) => later.push(event.seq));
    log.appendOutput('stdout', Buffer.from('x'));
    assert.deepEqual(seen, [1, 2, 3, 4, 5]);
    assert.deepEqual(later, [1, 2, 3, 4, 5]);
  });

  it('goes on when a listener throws', async () => {
    const log = new OutputLog();
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    let seen = 0;
    log.subscribe(() => {
      throw new Error('a listener failed on purpose');
    });
    log.subscribe(() => seen++);
    log.appendOutput('stdout', Buffer.from('x'));
    assert.equal(seen, 1);
    assert.match((await warned).message, /on purpose/);
  });

  it('retains at most 50000 chunks', () => {
    const log = new OutputLog();
    for (let i = 0; i < 50_010; i++) log.appendOutput('stdout', Buffer.from('x'));
    assert.equal(log.read(0).chunks.length, 50_000);
    assert.equal(log.droppedBytes, 10);
    assert.equal(log.read(4).droppedBytes, 6);
  });

  it('appends in constant time, however much is retained', () => {
    const chunk = Buffer.alloc(1);
    // As many appends to both; a log that were walked for each would take 400 times as long.
    const appends = (retained: number): void => {
      const log = new OutputLog(retained);
      for (let i = 0; i < 20_000; i++) log.appendOutput('stdout', chunk);
      assert.equal(log.retainedBytes, retained);
    };
    assertGrowth(appends, { small: 10, large: 4000, times: 20 });
  });

  it('refuses output after the close, and counts exit and close once', () => {
    const log = new OutputLog();
    log.appendExited(0);
    log.appendExited(1);
    log.appendClosed();
    log.appendClosed();
    assert.equal(log.nextSeq, 3);
    assert.equal(log.exitCode, 0);
    assert.throws(() => log.appendOutput('stdout', Buffer.from('x')));
  });
});

describe('DroppedIndex', () => {
  it('is exact for the newest cursors and never counts too little for old ones', () => {
    const index = new DroppedIndex(16);
    const sizes = Array.from({ length: 1000 }, (_, i) => (i % 7) + 1);
    sizes.forEach((bytes, i) => index.add(i + 1, bytes));
    for (let cursor = 0; cursor <= 1000; cursor++) {
      const exact = sizes.slice(cursor).reduce((sum, bytes) => sum + bytes, 0);
      const told = index.after(cursor);
      if (cursor === 0 || cursor > 992) assert.equal(told, exact);
      assert.ok(told >= exact);
    }
  });
});
