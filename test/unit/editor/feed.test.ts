import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { OutputChunk, OutputStream, ReadResult } from '../../../src/environment/index';
import { EscapeScanner } from '../../../src/editor/terminal/escapeScanner';
import { Feed } from '../../../src/editor/terminal/feed';
import { isReport, Marks } from '../../../src/editor/terminal/marks';
import { StreamText } from '../../../src/editor/terminal/streamText';
import { Window } from '../../../src/editor/terminal/window';

/** A log with a bound, as the real one. */
class FakeLog {
  private chunks: OutputChunk[] = [];
  private seq = 0;
  private readonly dropped: OutputChunk[] = [];
  private readonly listeners = new Set<() => void>();
  closed = false;

  constructor(private readonly retained = Infinity) {}

  push(text: string, stream: OutputStream = 'pty'): void {
    this.chunks.push({ seq: ++this.seq, stream, chunk: Buffer.from(text) });
    while (this.chunks.reduce((sum, { chunk }) => sum + chunk.length, 0) > this.retained) {
      const gone = this.chunks.shift();
      if (gone) this.dropped.push(gone);
    }
    this.wake();
  }

  close(): void {
    this.seq += 2;
    this.closed = true;
    this.wake();
  }

  async read({ afterSeq = 0, maxBytes = Infinity } = {}): Promise<ReadResult> {
    const chunks: OutputChunk[] = [];
    let bytes = 0;
    for (const chunk of this.chunks.filter(({ seq }) => seq > afterSeq)) {
      if (bytes && bytes + chunk.chunk.length > maxBytes) break;
      chunks.push(chunk);
      bytes += chunk.chunk.length;
    }
    const missed = this.dropped.filter(({ seq }) => seq > afterSeq);
    const droppedBytes = missed.reduce((sum, { chunk }) => sum + chunk.length, 0);
    const last = chunks.at(-1)?.seq ?? this.seq;
    const complete = last >= (this.chunks.at(-1)?.seq ?? 0);
    return {
      chunks,
      nextSeq: (complete ? this.seq : last) + 1,
      exited: this.closed,
      exitCode: this.closed ? 0 : null,
      closed: this.closed,
      droppedBytes,
    };
  }

  subscribeWake(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private wake(): void {
    for (const listener of this.listeners) listener();
  }
}

/** A terminal that answers marks, or not. */
function watch(log: FakeLog, answers: boolean, window?: Window) {
  const seen = { text: '', unanswered: 0, most: 0, replayed: false, ended: false, answers };
  const feed = new Feed({
    source: log,
    ...(window ? { window } : {}),
    write: (text) => {
      const marks = [...text.matchAll(/\x1b\[\?(\d{5,})\$p/g)].map(([, id]) => id);

      const plain = text.replace(/\x1b\[\?\d{5,}\$p/g, '');
      seen.text += plain;
      seen.unanswered += plain.length;
      seen.most = Math.max(seen.most, seen.unanswered);
      if (seen.answers && marks.length) {
        setTimeout(() => {
          seen.unanswered = 0;
          for (const id of marks) assert.equal(feed.input(`\x1b[?${id};0$y`), '');
        }, 2);
      }
    },
    skippedNote: (bytes) => `<skipped ${bytes}>\n`,
    onReplayed: () => (seen.replayed = true),
    onEnd: () => (seen.ended = true),
  });
  return { seen, feed, done: feed.run() };
}

describe('the feed of a terminal', () => {
  it('replays, says when that is over, goes on live and ends', async () => {
    const log = new FakeLog();
    log.push('old ');
    const { seen, done } = watch(log, true);
    await sleep(20);
    assert.ok(seen.replayed);
    log.push('new');
    await sleep(30);
    log.close();
    await done;
    assert.equal(seen.text, 'old new');
    assert.ok(seen.ended);
  });

  it('never has more unanswered than the window and a batch', async () => {
    const log = new FakeLog();
    const window = new Window(64 * 1024);
    const { seen, done } = watch(log, true, window);
    for (let i = 0; i < 200; i++) log.push(`${i} `.padEnd(10_000, 'x'));
    log.close();
    await done;
    assert.equal(seen.text.length, 2_000_000);
    assert.ok(seen.most <= 128 * 1024, String(seen.most));
  });

  it('a terminal that never answers is fed on, slowly', async () => {
    const log = new FakeLog();
    for (let i = 0; i < 10; i++) log.push('x'.repeat(30_000));
    log.close();
    const began = Date.now();
    const { seen, done } = watch(log, false, new Window(64 * 1024, 50));
    await done;
    assert.equal(seen.text.length, 300_000);
    assert.ok(Date.now() - began >= 100);
  });

  it('a slow viewer jumps to the newest and says how much it skipped', async () => {
    const log = new FakeLog(512 * 1024);
    log.push('begin\n');
    const { seen, done } = watch(log, false, new Window(32 * 1024, 40));
    await sleep(20);
    const line = 'y'.repeat(9_999) + '\n';
    for (let i = 0; i < 500; i++) log.push(line);
    log.push('newest\n');
    log.close();
    await done;
    const skipped = [...seen.text.matchAll(/<skipped (\d+)>/g)].reduce(
      (sum, [, bytes]) => sum + Number(bytes),
      0,
    );
    const notes = /\x18?<skipped \d+>\n/g;
    const shown = seen.text.replace(notes, '').replaceAll('\x18', '').length;
    assert.ok(skipped > 4_000_000, String(skipped));
    assert.equal(shown + skipped, 6 + 500 * 10_000 + 7);
    assert.ok(seen.text.endsWith('newest\n'));
  });

  it('disposed of while it waits, it ends without a word', async () => {
    const { seen, feed, done } = watch(new FakeLog(), true);
    await sleep(10);
    feed.dispose();
    await done;
    assert.ok(!seen.ended);
  });
});

describe('marks', () => {
  it('only our own answers are taken out', () => {
    const marks = new Marks(0.5);
    const { id, text } = marks.create();
    assert.equal(text, `\x1b[?${id}$p`);
    const mixed = `a\x1b[?${id};0$y\x1b[0n\x1b[?2004;1$y\x1b[?${id + 1};0$yb`;
    assert.deepEqual(marks.extract(mixed), {
      answered: [id],
      rest: `a\x1b[0n\x1b[?2004;1$y\x1b[?${id + 1};0$yb`,
    });
  });

  it('reports are told from keys', () => {
    for (const report of [
      '\x1b[0n',
      '\x1b[24;80R',
      '\x1b[?62;c',
      '\x1b[>0;276;0c',
      '\x1b[I',
      '\x1b[O',
      '\x1b[<0;1;1M',
      '\x1b[8;24;80t',
      '\x1b[0n\x1b[?1;2c',
    ])
      assert.ok(isReport(report), JSON.stringify(report));
    for (const key of [
      'a',
      '\r',
      '\x1b',
      '\x1b[A',
      '\x1bOP',
      '\x1b[3~',
      '\x1b[1;5C',
      'n',
      '\x1b[200~x\x1b[201~',
      '',
    ])
      assert.ok(!isReport(key), JSON.stringify(key));
  });
});

describe('the scanner of escape sequences', () => {
  const cases: [text: string, ground: number][] = [
    ['plain', 5],
    ['a\x1b[3', 1],
    ['a\x1b[31mb\x1b', 7],
    ['\x1b]0;title', 0],
    ['\x1b]0;title\x07x', 11],
    ['\x1b]0;t\x1b\\', 7],
    ['\x1bP+q544e\x1b\\', 10],
    ['\u009b31m', 4],
    ['\x1b(B', 3],
    ['\x1b[\x18x', 4],
  ];
  for (const [text, ground] of cases) {
    it(JSON.stringify(text), () => assert.equal(new EscapeScanner().scan(text), ground));
  }

  it('finds the same wherever the text is split', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\x1b', '[', ']', '3', 'm', '\x07', '\\', 'P', '\x18') }),
        fc.nat(20),
        (text, cut) => {
          const whole = new EscapeScanner().scan(text);
          const scanner = new EscapeScanner();
          const first = text.slice(0, cut);
          const inFirst = scanner.scan(first);
          const inRest = scanner.scan(text.slice(cut));
          assert.equal(inRest >= 0 ? first.length + inRest : inFirst, whole);
        },
      ),
    );
  });
});

describe('the text of streams', () => {
  const chunk = (bytes: number[] | string, stream: OutputStream): OutputChunk => ({
    seq: 1,
    stream,
    chunk: Buffer.from(bytes as string),
  });

  it('a character split between chunks stays whole, streams apart', () => {
    const text = new StreamText();
    assert.equal(text.push([chunk([0xc3], 'stdout'), chunk('E', 'stderr'), chunk([0xa4], 'stdout')]), 'Eä');
  });

  it('newlines of pipes get their return, those of terminals have it', () => {
    const text = new StreamText();
    assert.equal(text.push([chunk('a\nb\r\n', 'stdout'), chunk('c\n', 'pty')]), 'a\r\nb\r\nc\n');
  });

  it('after a gap the rest of a character is left out', () => {
    const text = new StreamText();
    text.push([chunk([0xf0], 'pty')]);
    text.gap();
    assert.equal(text.push([chunk([0x9f, 0x99, 0x82, 0x61], 'pty')]), 'a');
  });
});
