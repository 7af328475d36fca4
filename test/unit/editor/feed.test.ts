import assert from 'node:assert/strict';
import { Terminal } from '@xterm/headless';
import type { OutputChunk, OutputStream, ReadResult, SizeChange } from '../../../src/environment';
import { Feed } from '../../../src/editor/terminal/feed';
import { CLEAR_LINE, LEGIBLE, NEW } from '../../../src/editor/terminal/ground';
import type { HiddenScreen } from '../../../src/editor/terminal/replay';
import { FlowControl } from '../../../src/editor/terminal/flowControl';
import type { Snapshot } from '../../../src/screen/messages';
import { Screen } from '../../../src/screen/screen';
import { FakeClock } from '../../support/clock';

/** A log with a bound, as the real one. */
class FakeLog {
  private chunks: OutputChunk[] = [];
  private seq = 0;
  totalBytes = 0;
  readonly sizes: SizeChange[] = [];
  private readonly dropped: OutputChunk[] = [];
  private readonly listeners = new Set<() => void>();
  closed = false;

  constructor(private readonly retained = Infinity) {}

  push(text: string, stream: OutputStream = 'pty'): void {
    const chunk = Buffer.from(text);
    this.chunks.push({ seq: ++this.seq, stream, chunk });
    this.totalBytes += chunk.length;
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

  get memoryCursor(): number {
    return (this.chunks[0]?.seq ?? this.seq + 1) - 1;
  }

  subscribeWake(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private wake(): void {
    for (const listener of this.listeners) listener();
  }
}

const NONE = { before: '', behind: '', below: '', linesInFront: 1 };
const header = { ...NONE, text: 'header', inFront: (n: number) => `${n} earlier\r\n`, end: () => '' };
const LOOKS = { scrollback: 1000, tabStopWidth: 8, unicodeVersion: '11', header: NONE } as const;

/** A terminal that answers marks, or not. */
function watch(log: FakeLog, answers: boolean, flow?: FlowControl) {
  const seen = { text: '', unanswered: 0, most: 0, ended: false, isLive: false, answers, screens: 0 };
  const feed = new Feed({
    source: log,
    ...(flow ? { flow } : {}),
    header,
    openScreen: (size) => {
      seen.screens++;
      return new HiddenTerminal(new Screen({ ...size, ...LOOKS }));
    },
    size: () => ({ rows: 24, cols: 80 }),
    write: (text) => {
      const marks = [...text.matchAll(/\x1b\[\?(\d{6,})\$p/g)].map(([, id]) => id);

      const plain = text.replace(/\x1b\[\?\d{6,}\$p/g, '');
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
    notes: {
      skipped: (bytes) => `<skipped ${bytes}>\n`,
      reading: (bytes) => `<reading ${bytes}>\n`,
      unreadable: (problem) => `<${problem}>\n`,
    },
    onLive: () => (seen.isLive = true),
    onEnd: () => (seen.ended = true),
  });
  return { seen, feed, done: feed.run() };
}

/** In this very thread. */
class HiddenTerminal implements HiddenScreen {
  constructor(private readonly screen: Screen) {}
  write(text: string): Promise<void> {
    return this.screen.write(text);
  }
  resize(cols: number, rows: number): void {
    this.screen.resize(cols, rows);
  }
  snapshot(): Promise<Snapshot> {
    return Promise.resolve(this.screen.snapshot());
  }
  dispose(): void {
    this.screen.dispose();
  }
}

/** The lines that a terminal has in the end. */
async function linesOf(text: string): Promise<string[]> {
  const terminal = new Terminal({ scrollback: 1000, allowProposedApi: true, logLevel: 'off' });
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const { active } = terminal.buffer;
  return Array.from(
    { length: active.length },
    (_, line) => active.getLine(line)?.translateToString(true) ?? '',
  );
}

describe('the feed of a terminal', () => {
  let clock: FakeClock;
  beforeEach(() => void (clock = new FakeClock()));
  afterEach(() => clock[Symbol.dispose]());

  it('draws what there is, goes on live and ends', async () => {
    const log = new FakeLog();
    log.push('old ');
    const { seen, done } = watch(log, true);
    await clock.pass(30);
    assert.ok(seen.isLive);
    log.push('new');
    await clock.pass(30);
    log.close();
    await clock.through(done);
    assert.ok(seen.ended);
    assert.deepEqual((await clock.through(linesOf(seen.text))).filter(Boolean), ['header', 'old new']);
  });

  it('opens no other terminal where there is nothing to be drawn', async () => {
    const log = new FakeLog();
    const { seen, done } = watch(log, true);
    await clock.pass(10);
    log.push('all of it');
    log.close();
    await clock.through(done);
    assert.equal(seen.text, 'header\r\nall of it');
    assert.equal(seen.screens, 0);
  });

  it('draws the newest lines of a long log, and says in the first one how many are missing', async () => {
    const log = new FakeLog();
    for (let i = 1; i <= 5000; i++) log.push(`line ${i}\n`, 'stdout');
    log.close();
    const { seen, done } = watch(log, true);
    await clock.through(done);
    const lines = await clock.through(linesOf(seen.text));
    assert.equal(lines.length, 1024);
    const [first, second] = lines;
    assert.equal(second, `line ${5000 - 1021}`);
    // The header is a line as well.
    assert.equal(first, `${5000 - 1022 + 1} earlier`);
    assert.equal(lines.at(-2), 'line 5000');
  });

  it('shows the newest lines as plain text while much is read, and then the screen as it is', async () => {
    for (const [newest, isGlimpsed] of [
      ['\x1b[31mthe newest\x1b]0;title\x07 line\x1b[6n', true],
      ['\x1b[1;1Ha screen', false],
    ] as const) {
      const log = new FakeLog(1024 * 1024);
      for (let i = 0; i < 40; i++) log.push(`${'x'.repeat(60)}\n`.repeat(4000), 'stdout');
      log.push(newest, 'stdout');
      log.close();
      const { seen, done } = watch(log, true);
      await clock.through(done);
      const [glimpse = '', ...rest] = seen.text.split(NEW);
      assert.match(glimpse, /^<reading \d+>/);
      assert.equal(glimpse.includes('the newest line'), isGlimpsed);
      assert.ok(!glimpse.includes('\x1b'), 'nothing of it is live');
      assert.ok(glimpse.split('\r\n').length < 50);
      assert.match(rest.join(), /the newest|a screen/);
    }
  });

  it('asks nothing that was asked before it was there', async () => {
    const log = new FakeLog();
    log.push('\x1b[c\x1b[5n\x1b[6n\x1b]11;?\x07\x1b[?1$p\x1bP$qm\x1b\\x');
    const { seen, done } = watch(log, true);
    await clock.pass(50);
    log.push('\x1b[6n');
    log.close();
    await clock.through(done);
    const asked = [...seen.text.matchAll(/\x1b\[[?\d]*(?:[cn]|\$p)|\?\x07|\x1bP/g)].map(String);
    assert.deepEqual(asked, ['\x1b[6n']);
  });

  it('never has more unanswered than the window and a batch', async () => {
    const log = new FakeLog();
    const flow = new FlowControl(64 * 1024);
    const { seen, done } = watch(log, true, flow);
    await clock.pass(10);
    for (let i = 0; i < 200; i++) log.push(`${i} `.padEnd(10_000, 'x'));
    log.close();
    await clock.through(done);
    assert.equal(seen.text.length, 'header\r\n'.length + 2_000_000);
    assert.ok(seen.most <= 128 * 1024, String(seen.most));
  });

  it('a terminal that never answers is fed on, slowly', async () => {
    const log = new FakeLog();
    const began = Date.now();
    const { seen, done } = watch(log, false, new FlowControl(64 * 1024, 50));
    await clock.pass(10);
    for (let i = 0; i < 10; i++) log.push('x'.repeat(30_000));
    log.close();
    await clock.through(done);
    assert.equal(seen.text.length, 'header\r\n'.length + 300_000);
    assert.ok(Date.now() - began >= 100);
  });

  it('a slow viewer jumps to the newest, says how much it skipped, and is drawn anew when all is calm', async () => {
    const log = new FakeLog(512 * 1024);
    const { seen, done } = watch(log, false, new FlowControl(32 * 1024, 40));
    log.push('begin\n');
    await clock.pass(20);
    const line = 'y'.repeat(9_999) + '\n';
    for (let i = 0; i < 500; i++) log.push(line);
    log.push('newest\n');
    await clock.pass(400);
    const skipped = [...seen.text.matchAll(/<skipped (\d+)>/g)].reduce(
      (sum, [, bytes]) => sum + Number(bytes),
      0,
    );
    const shown = seen.text.replaceAll(LEGIBLE + CLEAR_LINE, '').replace(/<skipped \d+>\n/g, '');
    assert.ok(skipped > 4_000_000, String(skipped));
    assert.equal(shown.length + skipped, 'header\r\n'.length + 6 + 500 * 10_000 + 7);
    assert.ok(seen.text.endsWith('newest\n'));
    await clock.pass(1500);
    log.close();
    await clock.through(done);
    const [, anew = ''] = seen.text.split(NEW);
    assert.equal(seen.screens, 1);
    assert.ok((await clock.through(linesOf(anew))).some((text) => /^ *newest$/.test(text)));
  });

  it('loses no line when the terminal grows before it has parsed what was drawn', async () => {
    const log = new FakeLog();
    for (let i = 1; i <= 100; i++) log.push(`line ${i}\r\n`);
    const terminal = new Terminal({ scrollback: 1000, allowProposedApi: true, logLevel: 'off' });
    let rows = 24;
    const feed = new Feed({
      source: log,
      header,
      openScreen: (size) => new HiddenTerminal(new Screen({ ...size, ...LOOKS })),
      size: () => ({ rows, cols: 80 }),
      write: (text) => {
        terminal.write(text);
        if (!text.includes('line 100')) return;
        // The text waits to be parsed.
        rows = 40;
        terminal.resize(80, rows);
      },
      notes: { skipped: String, reading: String, unreadable: String },
      onLive: () => undefined,
      onEnd: () => undefined,
    });
    terminal.onData((data) => void feed.input(data));
    const done = feed.run();
    await clock.pass(200);
    for (let i = 101; i <= 120; i++) log.push(`line ${i}\r\n`);
    log.close();
    await clock.through(done);
    await clock.through(new Promise<void>((resolve) => terminal.write('', resolve)));
    const { active } = terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, y) => active.getLine(y)?.translateToString(true));
    assert.deepEqual(
      lines.filter((line) => line?.startsWith('line')),
      Array.from({ length: 120 }, (_, i) => `line ${i + 1}`),
    );
  });

  it('disposed of while it waits, it ends without a word', async () => {
    const { seen, feed, done } = watch(new FakeLog(), true);
    await clock.pass(10);
    feed.dispose();
    await clock.through(done);
    assert.ok(!seen.ended);
  });
});
