/** A hundred processes, all asked for before the first is answered. */
import { setTimeout as delay } from 'node:timers/promises';
import { timed } from '../facts.js';
import { BenchProcess } from '../process.js';
import type { Scenario } from '../types.js';

const COUNT = 100;
const TIMES = 5;
/** So that one does not pay for what the one before has used up. */
const REST_MS = 200;

export const hundred: Scenario = {
  name: 'hundred',
  rows: [{ key: 'all', title: '100 processes at once, until all are closed', unit: 'ms', kind: 'time' }],
  async measure(server) {
    const client = await server.connect();
    await BenchProcess.run(client, ['/bin/true']);
    const all: number[] = [];
    while (all.length < TIMES) {
      await delay(REST_MS);
      const run = () => BenchProcess.run(client, ['/bin/true']);
      all.push(await timed(() => Promise.all(Array.from({ length: COUNT }, run))));
    }
    return { all };
  },
};
