import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { CASE_MS, START_MS } from '../../../scripts/host/patience.mjs';
import { driver, eventually, needsDriver } from '../host/driver';
import { api, cleanUp, clickAction, node, ready, run, stateOf } from './support';

const MIB = 1024 * 1024;
const FLOOD_BYTES = 400 * MIB;
const ALLOWED_GROWTH_BYTES = 100 * MIB;
/** While it lasts: buffers that wait for the collector come on top, and the thread that draws a terminal which fell behind. */
const ALLOWED_PEAK_BYTES = 350 * MIB;
/** The window must not hang: reading all rows, which takes several round trips, never takes this part of the flood. */
const ALLOWED_ANSWER_PART = 1 / 2;

/** Drawing the end of it wants as much of the machine as the start of a program. */
const FLOOD_MS = START_MS;

/** Writes so many bytes of coloured lines as fast as it is let. */
const flood = (bytes: number): string => `
  const line = "\\x1b[32m" + "0123456789abcdef".repeat(4) + "\\x1b[0m\\n";
  const block = Buffer.from(line.repeat(900));
  let left = ${bytes};
  (function more() {
    while (left > 0) { left -= block.length; if (!process.stdout.write(block)) return process.stdout.once("drain", more); }
    process.stdout.write("the very last line\\n");
  })();`;

describe('a flood of output', () => {
  before(ready);
  afterEach(cleanUp);

  for (const tty of [false, true]) {
    it(`${FLOOD_BYTES / MIB} MiB through a ${tty ? 'tty' : 'pipe'} leave the memory of the host and the window as they were`, async function () {
      needsDriver(this);
      this.timeout(CASE_MS);
      await driver.openView('Exec Server');
      const before = process.memoryUsage.rss();
      const began = Date.now();
      const { processId } = await api.start({ ...node(flood(FLOOD_BYTES)), tty });
      await run('process.open', processId);
      let most = 0;
      let slowest = 0;
      let answers = 0;
      while ((await stateOf(processId)) === 'running') {
        most = Math.max(most, process.memoryUsage.rss());
        const asked = Date.now();
        await driver.treeRows();
        slowest = Math.max(slowest, Date.now() - asked);
        answers += 1;
        await sleep(50);
      }
      const floodMs = Date.now() - began;
      await eventually(
        async () => {
          const text = await driver.terminalText();
          return text.includes('the very last line') && /exited with 0/.test(text);
        },
        'the end is shown',
        FLOOD_MS,
      );
      most = Math.max(most, process.memoryUsage.rss());
      const seconds = (Date.now() - began) / 1000;
      const peak = most - before;
      const left = await eventually(
        async () => {
          await sleep(500);
          const growth = process.memoryUsage.rss() - before;
          return growth < ALLOWED_GROWTH_BYTES && { growth };
        },
        `the host is within ${ALLOWED_GROWTH_BYTES / MIB} MiB of before`,
      );
      console.log(
        `${process.env['TEST_LINE_MARK'] ?? ''}      flood ${tty ? 'tty' : 'pipe'}: ${seconds} s, ` +
          `+${Math.round(peak / MIB)} MiB at most, +${Math.round(left.growth / MIB)} MiB after, slowest answer ${slowest} ms`,
      );
      assert.ok(peak < ALLOWED_PEAK_BYTES, `the host grew by ${Math.round(peak / MIB)} MiB`);
      assert.ok(answers > 1, 'the window answered while it lasted');
      assert.ok(slowest < floodMs * ALLOWED_ANSWER_PART, `an answer took ${slowest} of ${floodMs} ms`);
      const { totalBytes } = (await api.list()).find((row) => row.processId === processId) ?? {};
      assert.ok((totalBytes ?? 0) >= FLOOD_BYTES);
    });
  }

  it('while one floods, keys still reach it and Kill still works', async function () {
    needsDriver(this);
    await driver.openView('Exec Server');
    const { processId } = await api.start({ ...node(flood(100_000 * MIB)), tty: true });
    await run('process.open', processId);
    await eventually(
      async () => (await driver.terminalText()).includes(' not shown'),
      'it lags, and says so',
      FLOOD_MS,
    );
    await driver.screenshot('flood');
    await clickAction('node -e', 'Kill');
    await eventually(async () => (await stateOf(processId)) === 'killed', 'killed', FLOOD_MS);
    await eventually(async () => /killed by/.test(await driver.terminalText()), 'the end is shown', FLOOD_MS);
  });
});
