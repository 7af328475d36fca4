import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RequestQueue } from '../../../src/rpc/requestQueue';

describe('RequestQueue', () => {
  it('runs in order, at most so many at once, and refuses what has no room', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.nat(4),
        fc.integer({ min: 1, max: 20 }),
        async (max, queued, n) => {
          const queue = new RequestQueue(max, queued, () => true);
          const started: number[] = [];
          const finish: (() => void)[] = [];
          const taken = Array.from({ length: n }, (_, i) =>
            queue.run(() => {
              started.push(i);
              return new Promise((resolve) => finish.push(resolve));
            }),
          );
          assert.equal(taken.filter(Boolean).length, Math.min(n, max + queued));
          for (let done = 0; done < Math.min(n, max + queued); done++) {
            assert.equal(started.length, Math.min(n, max + queued, done + max));
            finish[done]?.();
            await new Promise(setImmediate);
          }
          assert.deepEqual(started, [...started.keys()]);
        },
      ),
    );
  });

  it('starts nothing while closed', async () => {
    let isOpen = false;
    const queue = new RequestQueue(2, 2, () => isOpen);
    let ran = 0;
    assert.equal(
      queue.run(() => ((ran += 1), Promise.resolve())),
      true,
    );
    assert.equal(ran, 0);
    isOpen = true;
    queue.pump();
    await Promise.resolve();
    assert.equal(ran, 1);
  });

  it('keeps the order in which requests depend on each other, and lets the others pass', async () => {
    const orders = ['read', 'write', 'start', undefined] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...orders), { maxLength: 30 }), async (wanted) => {
        const queue = new RequestQueue(64, 64, () => true);
        const running = new Map<number, () => void>();
        const begun: number[] = [];
        wanted.forEach((order, i) => {
          const task = (): Promise<void> => {
            begun.push(i);
            return new Promise((resolve) => running.set(i, resolve));
          };
          assert.equal(queue.run(task, order), true);
        });
        // Whatever depends on nothing has begun at once.
        wanted.forEach((order, i) => order === undefined && assert.ok(running.has(i)));
        while (running.size > 0) {
          const now = [...running.keys()].map((i) => wanted[i]).filter((order) => order !== undefined);
          if (now.includes('write')) assert.equal(now.length, 1);
          for (const [i, finish] of running) {
            running.delete(i);
            finish();
            break;
          }
          await new Promise(setImmediate);
        }
        assert.equal(begun.length, wanted.length);
        const dependent = begun.filter((i) => wanted[i] !== undefined);
        assert.deepEqual(
          dependent,
          dependent.toSorted((a, b) => a - b),
        );
      }),
    );
  });

  it('runs reads and starts side by side', () => {
    const queue = new RequestQueue(64, 64, () => true);
    let running = 0;
    const never = (): Promise<void> => ((running += 1), new Promise(() => undefined));
    for (const order of ['read', 'start', 'start', 'read'] as const) queue.run(never, order);
    assert.equal(running, 4);
  });
});
