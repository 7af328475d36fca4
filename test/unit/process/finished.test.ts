import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ProcessTable } from '../../../src/process/processTable';
import { OWNER, posix, spec, untilClosed } from './helpers';

const MIB = 1 << 20;
const PROCESSES = 20;
const VARIABLES = 10;

/** What the heap holds after everything that is in nobody's hands has gone. */
async function heapBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  for (let times = 0; times < 3; times++) {
    (runInNewContext('gc') as () => void)();
    await sleep(10);
  }
  return process.memoryUsage().heapUsed;
}

/** Text that has memory of its own. */
const largeEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: VARIABLES }, (_, at) => [
      `V${at}`,
      Buffer.alloc(MIB / VARIABLES, 'e').toString('latin1'),
    ]),
  );

(posix ? describe : describe.skip)('rows that have ended', () => {
  it('leave early when their commands are long, the oldest first', async () => {
    const table = new ProcessTable();
    try {
      const argv = ['true', ...Array.from({ length: 10 }, () => 'x'.repeat(100_000))];
      for (let at = 0; at < 20; at++) await untilClosed(await table.start(`${at}`, spec(argv), OWNER));
      const left = table.list().map(({ clientProcessId: processId }) => Number(processId));
      assert.ok(left.length < 17 && left.length > 10, `${left.length} MB are kept`);
      assert.deepEqual([Math.min(...left), Math.max(...left)], [20 - left.length, 19]);
    } finally {
      await table.shutdown();
    }
  });
});

(posix ? describe : describe.skip)('the row of a process that has ended', () => {
  const table = new ProcessTable();
  after(() => table.shutdown());

  for (const tty of [false, true]) {
    it(`keeps nothing of the environment, ${tty ? 'in a terminal' : 'with pipes'}`, async () => {
      await untilClosed(await table.start('first', spec(['true'], { tty }), OWNER));
      const before = await heapBytes();
      for (let left = PROCESSES; left > 0; left--) {
        const row = await table.start('p', spec(['true'], { tty, env: largeEnvironment() }), OWNER);
        await untilClosed(row);
      }
      assert.ok(table.list().length > PROCESSES);
      const grown = (await heapBytes()) - before;
      assert.ok(grown < 8 * MIB, `${grown} bytes are kept of ${PROCESSES} MiB`);
    });
  }
});
