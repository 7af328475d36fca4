import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Lanes } from '../../../src/rpc/lanes';

describe('Lanes', () => {
  it('runs in order, at most so many at once, and refuses what has no room', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.nat(4),
        fc.integer({ min: 1, max: 20 }),
        async (max, queued, n) => {
          const lanes = new Lanes(max, queued, () => true);
          const started: number[] = [];
          const finish: (() => void)[] = [];
          const taken = Array.from({ length: n }, (_, i) =>
            lanes.run(() => {
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
    const lanes = new Lanes(2, 2, () => isOpen);
    let ran = 0;
    assert.equal(
      lanes.run(() => ((ran += 1), Promise.resolve())),
      true,
    );
    assert.equal(ran, 0);
    isOpen = true;
    lanes.pump();
    await Promise.resolve();
    assert.equal(ran, 1);
  });
});
