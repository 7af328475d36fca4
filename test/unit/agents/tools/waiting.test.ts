import assert from 'node:assert/strict';
import type { ManagedProcess } from '../../../../src/environment';
import { waitForEnd } from '../../../../src/agents/tools/waiting';

/** A process that exits, and whose last output is read a moment later, after the time that is waited for its end. */
function ending(): ManagedProcess {
  const wakes = new Set<() => void>();
  const process = {
    state: 'running',
    closed: false,
    subscribeWake: (wake: () => void) => {
      wakes.add(wake);
      return () => wakes.delete(wake);
    },
  };
  const then = (ms: number, change: Partial<typeof process>): void =>
    void setTimeout(() => {
      Object.assign(process, change);
      for (const wake of [...wakes]) wake();
    }, ms);
  then(1, { state: 'exited' });
  then(50, { closed: true });
  return process as unknown as ManagedProcess;
}

describe('a tool that waits for the end of a command', () => {
  const { signal } = new AbortController();

  it('tells of it with all of its output, also when the end comes as the time is over', async () => {
    const process = ending();
    await waitForEnd(process, 20, signal);
    assert.deepEqual([process.state, process.closed], ['exited', true]);
  });

  it('does not wait for ever for streams that something else holds', async () => {
    const process = Object.assign(ending(), { subscribeWake: () => () => undefined });
    await waitForEnd(process, 20, signal);
    assert.equal(process.state, 'exited');
  });
});
