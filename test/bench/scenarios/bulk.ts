/** Many bytes from a process to a client that takes them as fast as it can. */
import { MIB, timed } from '../facts.js';
import { BenchProcess } from '../process.js';
import type { Scenario } from '../types.js';

export const bulk: Scenario = {
  name: 'bulk',
  rows: [
    { key: 'pipe', title: 'many bytes through a pipe', unit: 'MiB/s', kind: 'rate' },
    { key: 'pty', title: 'many bytes through a raw terminal', unit: 'MiB/s', kind: 'rate' },
  ],
  async measure(server, { bytes }) {
    const client = await server.connect();
    const rate = async (tty: boolean): Promise<number[]> => {
      const script = `${tty ? 'stty raw; ' : ''}exec head -c ${String(bytes)} /dev/zero`;
      const ms = await timed(async () => {
        const proc = await BenchProcess.run(client, ['/bin/sh', '-c', script], { tty });
        if (proc.bytes !== bytes) throw new Error(`${String(proc.bytes)} of ${String(bytes)} bytes came`);
      });
      return [bytes / MIB / (ms / 1000)];
    };
    return { pipe: await rate(false), pty: await rate(true) };
  },
};
