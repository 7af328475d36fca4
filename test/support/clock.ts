import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { STEP_MS } from '../../scripts/host/patience.mjs';

/**
 * This process's timers and its date, moved by a test alone. Sockets, children and the tests' own time limits go on as
 * always. Ends with the block that it is declared in: `using clock = new FakeClock();`
 */
export class FakeClock implements Disposable {
  constructor() {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: Date.now() });
  }

  /** Lets `ms` go by, one after the other, with a turn of the event loop after each. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left--) {
      mock.timers.tick(1);
      await turn();
    }
  }

  /** Lets time go by until `work` is done; gives its result. */
  async through<T>(work: Promise<T>): Promise<T> {
    const until = performance.now() + STEP_MS;
    const state = { isDone: false };
    const end = (): void => void (state.isDone = true);
    work.then(end, end);
    while (!state.isDone) {
      if (performance.now() > until) throw new Error('waited in vain, however much time went by');
      await this.pass(1);
    }
    return work;
  }

  /** Lets something real happen, while no time goes by. Rejects when it does not. */
  async until(condition: () => boolean, what = 'the condition'): Promise<void> {
    const end = performance.now() + STEP_MS;
    while (!condition()) {
      if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
      await turn();
    }
  }

  [Symbol.dispose](): void {
    mock.timers.reset();
  }
}
