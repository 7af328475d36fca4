import assert from 'node:assert/strict';
import { lstat as lstatFile, statSync, symlinkSync } from 'node:fs';
import { stat as statFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SilentDiskError } from '../../../src/blocking';
import { Lane, type BlockingCall, type LaneLimits } from '../../../src/blocking/lane';
import { SlowCalls } from './support';

const LIMITS: LaneLimits = { pool: 2, patienceMs: 20, threads: 8, perDisk: 3, silentMs: 60_000 };

/** Calls that can be stuck on one disk: those of which nobody has looked which disk they need, and as many by its name. */
const ALL = 2 * LIMITS.perDisk;

/** A look at a path of a healthy disk. */
function look(path: string): BlockingCall {
  return {
    name: 'lstat',
    args: () => [path],
    places: [{ path, follows: false }],
    inPool: () => promisify(lstatFile)(path),
  };
}

/** `still` if it has not settled in time. */
function soon(promise: Promise<unknown>, ms: number): Promise<unknown> {
  return Promise.race([promise, delay(ms, 'still', { ref: false })]);
}

describe('blocking: calls that do not return', () => {
  before(function () {
    if (process.platform === 'win32') {
      if (this.test) this.test.title += ' [skipped: no FIFOs on this system]';
      this.skip();
    }
  });
  let slow: SlowCalls;
  beforeEach(() => (slow = new SlowCalls()));
  afterEach(() => slow[Symbol.dispose]());

  /** Makes so many calls of one disk that one of them is refused; the others stay until they are released. */
  async function fill(lane: Lane): Promise<{ refusal: unknown; all: Promise<unknown> }> {
    const calls = Array.from({ length: ALL + 1 }, () =>
      lane.run(slow.call(true)).catch((error: unknown) => error),
    );
    return { refusal: await Promise.race(calls), all: Promise.all(calls) };
  }

  it('leave the pool of the process to others, and the next calls get threads', async () => {
    const lane = new Lane(LIMITS);
    const stuck = Array.from({ length: 4 }, () => lane.run(slow.call()));
    const answer = (await soon(lane.run(look(slow.dir)), 5000)) as { ino: number };
    assert.equal(answer.ino, statSync(slow.dir).ino);
    assert.notEqual(await soon(statFile(slow.dir), 5000), 'still', 'the pool has free threads');
    assert.equal(await soon(Promise.race(stuck), 50), 'still');
    slow.release();
    await Promise.all(stuck);
  });

  it('are refused by name when they hold all that one disk may hold, and taken again when it answers', async () => {
    const lane = new Lane({ ...LIMITS, silentMs: 300 });
    const { refusal, all } = await fill(lane);
    assert.ok(refusal instanceof SilentDiskError);
    assert.match(refusal.message, /^the disk at `\/.*` does not answer: 3 operations .* more than 0\.3 s/);
    const next = lane.run(slow.call(true)).catch((error: unknown) => error);
    const turn = new Promise((resolve) => setImmediate(resolve, 'still waits'));
    const soonest = await Promise.race([next, turn]);
    assert.ok(soonest instanceof SilentDiskError, 'at once, as it is known');
    slow.release();
    await all;
    assert.notEqual(await lane.run({ ...look(slow.dir), inPool: undefined }), undefined);
  });

  it('do not hold up calls for another disk, also where a link leads to it', async function () {
    if (process.platform !== 'linux') {
      if (this.test) this.test.title += ' [skipped: needs a second disk, such as /proc]';
      this.skip();
    }
    const lane = new Lane({ ...LIMITS, silentMs: 200 });
    const { all } = await fill(lane);
    const link = join(slow.dir, 'link');
    symlinkSync('/proc/self/..', link);
    // The link itself is on the silent disk, so the way through it is refused, and the way beside it is not.
    const through = { ...look(join(link, 'version')), inPool: undefined };
    await assert.rejects(lane.run(through), SilentDiskError);
    assert.notEqual(await soon(lane.run({ ...look('/proc/version'), inPool: undefined }), 5000), 'still');
    slow.release();
    await all;
    assert.notEqual(await lane.run(through), undefined);
  });

  it('wait for their turn while calls do return, however many there are', async () => {
    const lane = new Lane({ ...LIMITS, silentMs: 1000 });
    const calls = Array.from({ length: 3000 }, (_, index) =>
      lane.run(index % 2 === 0 ? look(slow.dir) : { ...look(slow.dir), inPool: undefined }),
    );
    const inodes = new Set((await Promise.all(calls)).map((stats) => (stats as { ino: number }).ino));
    assert.deepEqual([...inodes], [statSync(slow.dir).ino]);
  });

  it('fail in a thread as they do in the pool', async () => {
    const lane = new Lane(LIMITS);
    const missing = look(join(slow.dir, 'missing'));
    const [pool, thread] = await Promise.all(
      [missing, { ...missing, inPool: undefined }].map((call) =>
        lane.run(call).catch((error: unknown) => error as NodeJS.ErrnoException),
      ),
    );
    assert.deepEqual({ ...(thread as object), path: missing.places[0]?.path }, { ...(pool as object) });
    assert.equal((thread as NodeJS.ErrnoException).code, 'ENOENT');
  });
});
