import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, open as openFile, openSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BlockingCall } from '../../../src/blocking/lane';

/** FIFOs, whose opening does not return until the test lets it: as slow as a disk may be. */
export class SlowCalls {
  readonly dir = realpathSync(mkdtempSync(join(tmpdir(), 'exec-server-blocking-')));
  private readonly paths: string[] = [];

  /** A call that does not return before `release`; for a thread only, if so asked. */
  call(threadOnly = false): BlockingCall {
    const path = join(this.dir, `fifo${this.paths.length}`);
    execFileSync('mkfifo', [path]);
    this.paths.push(path);
    const inPool = () => promisify(openFile)(path, 'r').then(closeSync);
    const args = () => [path, constants.O_RDONLY];
    return { name: 'open', args, places: [{ path, follows: true }], inPool: threadOnly ? undefined : inPool };
  }

  /** Lets all calls return that are under way. */
  release(): void {
    for (const path of this.paths) {
      try {
        closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
      } catch {
        // Nobody opens this one now.
      }
    }
  }

  [Symbol.dispose](): void {
    this.release();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
