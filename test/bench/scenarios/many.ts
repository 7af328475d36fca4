/** Short processes one after another, and what they leave behind. */
import { setTimeout as delay } from 'node:timers/promises';
import { MIB, timed } from '../facts.js';
import { BenchProcess } from '../process.js';
import type { Scenario } from '../types.js';

const WARM_UP = 20;
/** For what a server does after it has told us of the end. */
const SETTLE_MS = 300;

export const many: Scenario = {
  name: 'many',
  rows: [
    { key: 'each', title: 'short processes one after another: each', unit: 'ms', kind: 'time' },
    { key: 'fds', title: '— descriptors left over', unit: '', kind: 'amount' },
    { key: 'before', title: '— resident before', unit: 'MiB', kind: 'amount' },
    { key: 'growth', title: '— resident afterwards, above that', unit: 'MiB', kind: 'amount' },
  ],
  async measure(server, { processes }) {
    const client = await server.connect();
    const run = async (count: number): Promise<void> => {
      for (let left = count; left > 0; left--) await BenchProcess.run(client, ['/bin/true']);
      await delay(SETTLE_MS);
    };
    await run(WARM_UP);
    const [fds, before] = [server.descriptors, server.residentBytes];
    const ms = (await timed(() => run(processes))) - SETTLE_MS;
    return {
      each: [ms / processes],
      fds: [server.descriptors - fds],
      before: [before / MIB],
      growth: [(server.residentBytes - before) / MIB],
    };
  },
};
