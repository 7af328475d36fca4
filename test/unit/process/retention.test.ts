import assert from 'node:assert/strict';
import { OutputLog } from '../../../src/process/outputLog';
import { Retention } from '../../../src/process/retention';

function logOf(retention: Retention, ...sizes: number[]): OutputLog {
  const log = new OutputLog(1000, retention.retained);
  retention.add(log);
  for (const size of sizes) log.appendOutput('stdout', Buffer.alloc(size));
  return log;
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

  it('counts a removed log on for a while, first in line', () => {
    let now = 0;
    const retention = new Retention(100, () => now);
    const gone = logOf(retention, 30);
    retention.finished(gone);
    retention.removed(gone);
    assert.equal(retention.retainedBytes, 30);
    now = 100_000;
    logOf(retention, 10);
    assert.equal(retention.retainedBytes, 10);
    assert.equal(gone.retainedBytes, 30);
  });
});
