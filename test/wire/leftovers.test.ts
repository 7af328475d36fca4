import assert from 'node:assert/strict';
import { CASE_MS } from '../../scripts/host/patience.mjs';
import { Gauge, gaugeEnv, type Memory } from '../support/gauge.js';
import { ours } from './cases.js';
import type { Client } from './client.js';
import { childrenOf } from './procfs.js';
import { startParams } from './session.js';

/** SOAK_PROCESSES=10000 is the full soak. */
const PROCESSES = Number(process.env['SOAK_PROCESSES'] ?? 1000);
/** So many closed processes of one session are remembered for a while, and 100 rows: full before we count. */
const REMEMBERED = 1024 + 100;
/** As many more, until what they run is compiled. */
const WARM_UP = 2 * REMEMBERED;
/** Code that is compiled late or thrown away again, by 400 KiB from one look to the next. */
const NOISE_BYTES = 256 * 1024;
/** So often we look, a few processes apart, for the least: what is really left is in each of them. */
const LOOKS = 4;
const APART = 200;
/** The smallest thing that could be left of each. */
const LEFT_BYTES = 64;
const EACH_MS = 60;

/** What the server has in use after so many short programs. */
async function inUse(client: Client, gauge: Gauge, count: number): Promise<Memory> {
  await run(client, count);
  let least = await gauge.memory();
  for (let look = 1; look < LOOKS; look++) {
    await run(client, APART);
    const memory = await gauge.memory();
    if (memory.usedBytes < least.usedBytes) least = memory;
  }
  return least;
}

/** One after another, every tenth of them in a terminal. */
async function run(client: Client, count: number): Promise<void> {
  for (let left = count; left > 0; left--) {
    await new Promise<void>((closed, fail) => {
      client.sink = ({ method, error }) => {
        if (error) fail(new Error(error.message));
        if (method === 'process/closed') closed();
      };
      client.post('process/start', startParams(['/bin/echo', 'hi'], { tty: left % 10 === 0 }));
    });
  }
}

describe('what short processes leave behind', () => {
  ours(
    `read: ${String(PROCESSES)} one after another: no child, descriptor, handle or memory`,
    async (t) => {
      t.timeout(CASE_MS + EACH_MS * (PROCESSES + WARM_UP + 2 * LOOKS * APART));
      const env = gaugeEnv(`${await t.dir()}/gauge`);
      const wrap = ['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
      const server = await t.ownServer([], wrap);
      const gauge = await Gauge.connect(env.GAUGE_SOCKET);
      t.defer(() => gauge.close());
      const { client } = await t.session(server);
      const before = await inUse(client, gauge, WARM_UP);
      // It may have a helper.
      const children = childrenOf(server.pid);
      const after = await inUse(client, gauge, PROCESSES);

      assert.deepEqual(after.handles, before.handles);
      assert.equal(after.descriptors, before.descriptors);
      assert.deepEqual(childrenOf(server.pid), children);
      const grown = after.usedBytes - before.usedBytes;
      assert.ok(grown < NOISE_BYTES + LEFT_BYTES * PROCESSES, `${String(grown)} bytes more are in use`);
    },
    'its memory is looked at from inside',
  );
});
