import assert from 'node:assert/strict';
import { ThrottledOutlet } from '../../../src/server/outlet';

describe('ThrottledOutlet', () => {
  it('pauses above the mark, resumes below half of it, and on release', () => {
    const sink = { unsentBytes: 0, send: () => undefined };
    const outlet = new ThrottledOutlet(sink, 100);
    const log: string[] = [];
    const attachment = {
      pause: () => log.push('pause'),
      resume: () => log.push('resume'),
      dispose: () => undefined,
    };
    outlet.throttle(attachment);
    assert.deepEqual(log, []);
    sink.unsentBytes = 100;
    outlet.throttle(attachment);
    outlet.throttle(attachment);
    assert.deepEqual(log, ['pause']);
    sink.unsentBytes = 50;
    outlet.drained();
    assert.deepEqual(log, ['pause']);
    sink.unsentBytes = 49;
    outlet.drained();
    outlet.drained();
    assert.deepEqual(log, ['pause', 'resume']);
    sink.unsentBytes = 100;
    outlet.throttle(attachment);
    outlet.release();
    assert.deepEqual(log, ['pause', 'resume', 'pause', 'resume']);
  });
});
