import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EventOrder } from '../../../src/client/eventOrder';
import type { ExecProcessEvent, ProcessEvent } from '../../../src/model';

const output = (seq: number): ProcessEvent => ({
  type: 'output',
  seq,
  stream: 'stdout',
  chunk: Buffer.from([seq & 255]),
});

/** What a process does: output, its exit somewhere near the end, the close. */
const history = fc
  .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 3 }))
  .map(([count, late]) => {
    const exitAt = Math.max(1, count + 1 - late);
    const events: ProcessEvent[] = [];
    for (let seq = 1; seq <= count + 1; seq++) {
      events.push(seq === exitAt ? { type: 'exited', seq, exitCode: 3 } : output(seq));
    }
    events.push({ type: 'closed', seq: count + 2 });
    return events;
  });

const shortened = (events: readonly ExecProcessEvent[]): string[] =>
  events.map((e) => `${e.type} ${'seq' in e ? String(e.seq) : ''}`);

describe('the order of a process’s events', () => {
  it('each event once and in order, however they arrive and however often', () => {
    const arrivals = history.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray(events, { minLength: events.length }),
        fc.array(fc.constantFrom(...events), { maxLength: 20 }),
      ),
    );
    fc.assert(
      fc.property(arrivals, ([events, once, again]) => {
        const got: ExecProcessEvent[] = [];
        const order = new EventOrder((event) => got.push(event));
        for (const event of [...again.slice(0, 5), ...once, ...again]) order.take(event);
        assert.deepEqual(got, events);
        assert.equal(order.closed, true);
      }),
    );
  });

  it('has a gap only while something before it is missing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 10 }), (seqs) => {
        const seen = new Set<number>();
        const order = new EventOrder(() => undefined);
        for (const seq of seqs) {
          order.take(output(seq));
          seen.add(seq);
          assert.equal(order.hasGap, Math.max(...seen) !== seen.size, seqs.join());
        }
      }),
    );
  });

  it('what was missed is fetched or told as dropped, nothing twice', () => {
    const gap = history.chain((events) =>
      fc.record({
        events: fc.constant(events),
        // Seen before the break, written by the process when it is read, and no longer retained before that.
        seen: fc.integer({ min: 0, max: events.length }),
        now: fc.integer({ min: 0, max: events.length }),
        evicted: fc.integer({ min: 0, max: events.length }),
        early: fc.array(fc.constantFrom(...events), { maxLength: 4 }),
      }),
    );
    fc.assert(
      fc.property(gap, ({ events, seen, now, evicted, early }) => {
        const upTo = Math.max(seen, now);
        const got: ExecProcessEvent[] = [];
        const order = new EventOrder((event) => got.push(event));
        for (const event of events.slice(0, seen)) order.take(event);
        for (const event of early) if (event.seq > upTo) order.take(event);
        // The answers to reads: what is retained, and the state of the process.
        const known = events.slice(0, upTo);
        for (const event of known)
          if (event.type === 'output' && event.seq > Math.max(seen, evicted)) order.take(event);
        const exited = known.some(({ type }) => type === 'exited');
        const closed = known.some(({ type }) => type === 'closed');
        order.settle({ nextSeq: upTo + 1, exitCode: exited ? 3 : null, closed });
        // And what follows by notification.
        for (const event of events.slice(upTo)) order.take(event);

        let last = 0;
        const told: ExecProcessEvent[] = [];
        for (const event of got) {
          if (event.type === 'failed') assert.fail(event.message);
          assert.ok(event.seq > last, shortened(got).join());
          if (event.type !== 'dropped') assert.equal(event.seq, last + 1, shortened(got).join());
          last = event.seq;
          told.push(event);
        }
        assert.equal(last, events.length);
        assert.equal(told.filter(({ type }) => type === 'exited').length, 1, shortened(got).join());
        assert.equal(told.at(-1)?.type, 'closed');
        for (const event of events) {
          if (event.type === 'output' && (event.seq <= seen || event.seq > evicted))
            assert.ok(got.includes(event));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is not held up by a number from nowhere', () => {
    const got: ExecProcessEvent[] = [];
    const order = new EventOrder((event) => got.push(event));
    order.take(output(1));
    order.settle({ nextSeq: Number.MAX_SAFE_INTEGER, exitCode: null, closed: false });
    assert.deepEqual(shortened(got), ['output 1', `dropped ${String(Number.MAX_SAFE_INTEGER - 1)}`]);
  });
});
