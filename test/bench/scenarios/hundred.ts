/** A hundred processes, all asked for before the first is answered. */
import { timed } from '../facts.js';
import { BenchProcess } from '../process.js';
import type { Scenario } from '../types.js';

const COUNT = 100;

export const hundred: Scenario = {
  name: 'hundred',
  rows: [{ key: 'all', title: '100 processes at once, until all are closed', unit: 'ms', kind: 'time' }],
  async measure(server) {
    const client = await server.connect();
    await BenchProcess.run(client, ['/bin/true']);
    const all = await timed(() =>
      Promise.all(Array.from({ length: COUNT }, () => BenchProcess.run(client, ['/bin/true']))),
    );
    return { all: [all] };
  },
};
