import assert from 'node:assert/strict';
import { BufferPool } from '../../../../src/environment';
import { BackpressuredSink } from '../../../../src/server/sessions/notificationSink';

describe('BackpressuredSink', () => {
  it('pauses above the mark, resumes below half of it, and on release', () => {
    const transport = { unsentBytes: 0, send: () => undefined, close: () => undefined };
    const sink = new BackpressuredSink(transport, 100, new BufferPool());
    const log: string[] = [];
    const subscription = {
      pause: () => log.push('pause'),
      resume: () => log.push('resume'),
      dispose: () => undefined,
    };
    sink.throttle(subscription);
    assert.deepEqual(log, []);
    transport.unsentBytes = 100;
    sink.throttle(subscription);
    sink.throttle(subscription);
    assert.deepEqual(log, ['pause']);
    transport.unsentBytes = 50;
    sink.drained();
    assert.deepEqual(log, ['pause']);
    transport.unsentBytes = 49;
    sink.drained();
    sink.drained();
    assert.deepEqual(log, ['pause', 'resume']);
    transport.unsentBytes = 100;
    sink.throttle(subscription);
    sink.release();
    assert.deepEqual(log, ['pause', 'resume', 'pause', 'resume']);
  });
});
