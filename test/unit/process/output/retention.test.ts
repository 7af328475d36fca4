import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { OutputLog } from '../../../../src/process/output/outputLog';
import { Retention } from '../../../../src/process/output/retention';
import { until } from '../helpers';

function logOf(retention: Retention, ...sizes: number[]): OutputLog {
  const log = new OutputLog(1000, retention.retained);
  retention.add(log);
  for (const size of sizes) log.appendOutput('stdout', Buffer.alloc(size));
  return log;
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

describe('Retention', () => {
  it('takes from the process that finished first', () => {
    const retention = new Retention(100);
    const first = logOf(retention, 20, 20);
    const second = logOf(retention, 20, 20);
    retention.finished(second);
    retention.finished(first);
    const third = logOf(retention, 30);
    assert.deepEqual(
      [first, second, third].map((log) => log.retainedBytes),
      [40, 20, 30],
    );
    third.appendOutput('stdout', Buffer.alloc(50));
    assert.deepEqual(
      [first, second, third].map((log) => log.retainedBytes),
      [20, 0, 80],
    );
    assert.equal(retention.retainedBytes, 100);
  });

  it('then from the running one that holds most', () => {
    const retention = new Retention(100);
    const large = logOf(retention, ...Array<number>(9).fill(10));
    const small = logOf(retention, 10);
    small.appendOutput('stdout', Buffer.alloc(5));
    assert.equal(small.retainedBytes, 15);
    assert.ok(large.retainedBytes <= 80);
    assert.ok(retention.retainedBytes <= 100);
  });

  it('holds under a lowered limit, and with very many logs', () => {
    const retention = new Retention(10_000);
    const logs = Array.from({ length: 500 }, () => logOf(retention, 10, 10, 10));
    assert.ok(retention.retainedBytes <= 10_000);
    retention.setLimit(100);
    assert.ok(retention.retainedBytes <= 100);
    assert.equal(
      logs.reduce((sum, log) => sum + log.retainedBytes, 0),
      retention.retainedBytes,
    );
  });

  it('counts a removed log on, first in line', () => {
    const retention = new Retention(100);
    const finished = logOf(retention, 30);
    retention.finished(finished);
    const gone = logOf(retention, 30);
    retention.removed(gone);
    assert.equal(retention.retainedBytes, 60);
    logOf(retention, 60);
    assert.deepEqual([gone.retainedBytes, finished.retainedBytes], [0, 30]);
    assert.equal(retention.retainedBytes, 90);
  });

  it('counts it no longer once nobody holds it, and does not hold it itself', async () => {
    const retention = new Retention(100);
    retention.removed(logOf(retention, 30));
    const held = logOf(retention, 30);
    retention.removed(held);
    const collect = garbageCollector();
    // Finalizers run some time after the collection.
    await until(() => {
      collect();
      return retention.retainedBytes === 30;
    });
    assert.equal(held.retainedBytes, 30);
  });
});
