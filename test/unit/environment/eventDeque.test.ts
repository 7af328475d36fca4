import assert from 'node:assert/strict';
import { EventDeque } from '../../../src/environment/eventDeque';
import type { ExecProcessEvent } from '../../../src/model';
import { assertGrowth } from '../../support/growth';

const output = (seq: number, bytes = 1): ExecProcessEvent => ({
  type: 'output',
  seq,
  stream: 'stdout',
  chunk: Buffer.alloc(bytes),
});
const exited = (seq: number): ExecProcessEvent => ({ type: 'exited', seq, exitCode: 0 });
const dropped = (seq: number, bytes: number | null): ExecProcessEvent => ({ type: 'dropped', seq, bytes });

function dequeOf(...events: ExecProcessEvent[]): EventDeque {
  const deque = new EventDeque();
  for (const event of events) deque.push(event);
  return deque;
}

function taken(deque: EventDeque): string {
  const words: string[] = [];
  for (let event = deque.shift(); event; event = deque.shift()) {
    const bytes = event.type === 'dropped' ? ` of ${String(event.bytes)}` : '';
    words.push(`${event.type}${'seq' in event ? String(event.seq) : ''}${bytes}`);
  }
  return words.join(', ');
}

describe('the events that wait for one subscriber', () => {
  it('go out as they came in, counted with the bytes of their output', () => {
    const deque = dequeOf(output(1, 5), exited(2), output(3, 7));
    assert.deepEqual([deque.length, deque.bytes], [3, 12]);
    assert.equal(deque.shift()?.type, 'output');
    assert.deepEqual([deque.length, deque.bytes], [2, 7]);
    assert.equal(taken(deque), 'exited2, output3');
    assert.deepEqual([deque.length, deque.bytes, deque.shift()], [0, 0, undefined]);
  });

  it('keep their order over many that come and go', () => {
    const deque = new EventDeque();
    let [pushed, shifted] = [0, 0];
    for (let round = 0; round < 300; round++) {
      for (let n = 0; n < 3; n++) deque.push(output(++pushed));
      for (let n = 0; n < 2; n++) assert.deepEqual(deque.shift(), output(++shifted));
    }
    assert.deepEqual([deque.length, deque.bytes], [300, 300]);
    while (deque.length > 0) assert.deepEqual(deque.shift(), output(++shifted));
    assert.equal(shifted, pushed);
  });

  it('lose the oldest output first, with one word for all that are gone in a row', () => {
    const deque = dequeOf(output(1, 5), output(2, 7), output(3, 9));
    assert.ok(deque.dropOldest());
    assert.ok(deque.dropOldest());
    assert.deepEqual([deque.length, deque.bytes], [2, 9]);
    assert.equal(taken(deque), 'dropped2 of 12, output3');
  });

  it('lose it behind what is no output, which stays', () => {
    const deque = dequeOf(exited(1), output(2, 5), output(3, 7));
    assert.ok(deque.dropOldest());
    assert.ok(deque.dropOldest());
    assert.equal(deque.dropOldest(), false);
    assert.equal(taken(deque), 'exited1, dropped3 of 12');
  });

  it('do not make up a number where the server had none for what it dropped', () => {
    const deque = dequeOf(dropped(1, null), output(2, 5));
    assert.ok(deque.dropOldest());
    assert.equal(taken(deque), 'dropped2 of null');
  });

  it('are gone with all that was counted when they are cleared', () => {
    const deque = dequeOf(output(1, 5), output(2, 7));
    deque.shift();
    deque.clear();
    assert.deepEqual([deque.length, deque.bytes, deque.dropOldest()], [0, 0, false]);
    deque.push(output(3));
    assert.equal(taken(deque), 'output3');
  });

  it('cost no more each the more of them wait', () => {
    const event = output(1);
    const work = (size: number): void => {
      const deque = new EventDeque();
      for (let n = 0; n < size; n++) deque.push(event);
      for (let n = 0; n < size / 2; n++) deque.dropOldest();
      while (deque.shift());
    };
    assertGrowth(work, { small: 2000, large: 16_000, times: 32 });
  });
});
