import assert from 'node:assert/strict';
import { EventQueue } from '../../../src/environment/eventQueue';
import type { ExecProcessEvent } from '../../../src/model';

const MIB = 1024 * 1024;

const output = (seq: number, bytes: number): ExecProcessEvent => ({
  type: 'output',
  seq,
  stream: 'stdout',
  chunk: Buffer.alloc(bytes, seq),
});
const exited = (seq: number): ExecProcessEvent => ({ type: 'exited', seq, exitCode: 0 });
const closed = (seq: number): ExecProcessEvent => ({ type: 'closed', seq });

/** A process whose events the test makes. */
class Source {
  push: (event: ExecProcessEvent) => void = () => undefined;
  stopped = 0;

  queue(droppedBytes = 0): EventQueue {
    return new EventQueue((listener) => {
      this.push = listener;
      return () => this.stopped++;
    }, droppedBytes);
  }
}

async function all(queue: EventQueue): Promise<ExecProcessEvent[]> {
  const events: ExecProcessEvent[] = [];
  for await (const event of queue) events.push(event);
  return events;
}

const seqs = (events: readonly ExecProcessEvent[]): string =>
  events.map((event) => `${event.type} ${'seq' in event ? String(event.seq) : ''}`).join(', ');

describe('the events of a process for one subscriber', () => {
  it('come as they happen, whether they are waited for or not, and end', async () => {
    const source = new Source();
    const queue = source.queue();
    const first = queue.next();
    const second = queue.next();
    for (const event of [output(1, 1), output(2, 1), exited(3), closed(4)]) source.push(event);
    source.push(output(5, 1));
    assert.deepEqual(await Promise.all([first, second]), [
      { value: output(1, 1), done: false },
      { value: output(2, 1), done: false },
    ]);
    assert.equal(seqs(await all(queue)), 'exited 3, closed 4');
    assert.deepEqual(await queue.next(), { value: undefined, done: true });
    assert.equal(source.stopped, 1);
  });

  it('end with the failure', async () => {
    const source = new Source();
    const queue = source.queue();
    source.push({ type: 'failed', message: 'gone' });
    assert.deepEqual(await all(queue), [{ type: 'failed', message: 'gone' }]);
    assert.equal(source.stopped, 1);
  });

  it('a subscriber that lags loses the oldest output beyond 16 MiB, and is told how much', async () => {
    const source = new Source();
    const queue = source.queue();
    for (let seq = 1; seq <= 20; seq++) source.push(output(seq, MIB));
    source.push(exited(21));
    source.push(closed(22));
    const events = await all(queue);
    assert.deepEqual(events[0], { type: 'dropped', seq: 4, bytes: 4 * MIB });
    assert.equal(seqs(events.slice(1, 3)), 'output 5, output 6');
    assert.equal(seqs(events.slice(-2)), 'exited 21, closed 22');
    assert.equal(events.length, 1 + 16 + 2);
  });

  it('one that keeps up loses nothing', async () => {
    const source = new Source();
    const queue = source.queue();
    for (let seq = 1; seq <= 40; seq++) {
      source.push(output(seq, MIB));
      assert.equal((await queue.next()).value?.type, 'output');
    }
  });

  it('many small events are bounded as well', async () => {
    const source = new Source();
    const queue = source.queue();
    for (let seq = 1; seq <= 60_000; seq++) source.push(output(seq, 2));
    source.push(exited(60_001));
    source.push(closed(60_002));
    const events = await all(queue);
    assert.ok(events.length <= 50_002, String(events.length));
    const [first, second] = events;
    assert.ok(first?.type === 'dropped' && second?.type === 'output');
    assert.deepEqual([first.bytes, second.seq], [first.seq * 2, first.seq + 1]);
  });

  it('output after the exit is dropped behind it', async () => {
    const source = new Source();
    const queue = source.queue();
    source.push(output(1, 9 * MIB));
    source.push(exited(2));
    for (const seq of [3, 4, 5]) source.push(output(seq, 9 * MIB));
    source.push(closed(6));
    assert.deepEqual(await all(queue), [
      { type: 'dropped', seq: 1, bytes: 9 * MIB },
      exited(2),
      { type: 'dropped', seq: 4, bytes: 18 * MIB },
      output(5, 9 * MIB),
      closed(6),
    ]);
  });

  it('what is missing before the first and between two is told', async () => {
    const source = new Source();
    const queue = source.queue(100);
    source.push(output(4, 1));
    source.push({ type: 'dropped', seq: 6, bytes: null });
    source.push(output(7, 1));
    source.push(output(10, 1));
    source.push(exited(11));
    source.push(closed(12));
    assert.deepEqual(
      (await all(queue)).filter(({ type }) => type === 'dropped'),
      [
        { type: 'dropped', seq: 3, bytes: 100 },
        { type: 'dropped', seq: 6, bytes: null },
        { type: 'dropped', seq: 9, bytes: null },
      ],
    );
  });

  it('leaving the loop stops the source, and whoever still waits gets the end', async () => {
    const source = new Source();
    const queue = source.queue();
    source.push(output(1, 1));
    for await (const event of queue) {
      assert.equal(event.type, 'output');
      break;
    }
    assert.equal(source.stopped, 1);
    const other = new Source();
    const waiting = other.queue();
    const next = waiting.next();
    await waiting.return();
    assert.deepEqual(await next, { value: undefined, done: true });
    assert.equal(other.stopped, 1);
  });
});
