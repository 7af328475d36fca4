/** Short processes one after another, and what they leave behind. */
import { setTimeout as delay } from 'node:timers/promises';
import { MIB, timed } from '../facts.js';
import { BenchProcess } from '../process.js';
import type { Samples, Scenario } from '../types.js';

/** For what a server does after it has told us of the end. */
const SETTLE_MS = 300;

export const many: Scenario = {
  name: 'many',
  once: true,
  rows: [
    { key: 'each', title: 'short processes one after another: each', unit: 'ms', kind: 'time' },
    { key: 'fds', title: '— descriptors left over', unit: '', kind: 'amount' },
    { key: 'handles', title: '— handles and timers of the event loop left over', unit: '', kind: 'amount' },
    { key: 'used', title: '— memory in use left over', unit: 'MiB', kind: 'amount' },
    { key: 'before', title: '— resident before', unit: 'MiB', kind: 'amount' },
    { key: 'growth', title: '— resident afterwards, above that', unit: 'MiB', kind: 'amount' },
  ],
  async measure(server, { processes, warmUp }) {
    const client = await server.connect();
    const run = async (count: number): Promise<void> => {
      for (let left = count; left > 0; left--) await BenchProcess.run(client, ['/bin/true']);
      await delay(SETTLE_MS);
    };
    await run(warmUp);
    const gauge = await server.gauge?.memory();
    const [fds, before] = [server.descriptors, server.residentBytes];
    const ms = (await timed(() => run(processes))) - SETTLE_MS;
    const samples: Samples = {
      each: [ms / processes],
      fds: [server.descriptors - fds],
      before: [before / MIB],
      growth: [(server.residentBytes - before) / MIB],
    };
    const after = await server.gauge?.memory();
    if (!gauge || !after) return samples;
    return {
      ...samples,
      fds: [after.descriptors - gauge.descriptors],
      handles: [sum(after.handles) - sum(gauge.handles)],
      used: [(after.usedBytes - gauge.usedBytes) / MIB],
    };
  },
};

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, count) => all + count, 0);
