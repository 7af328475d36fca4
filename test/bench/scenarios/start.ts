/** From the start of a program that does nothing to its `closed`, and the same without a server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { series } from '../facts.js';
import { BenchProcess } from '../process.js';
import type { Scenario } from '../types.js';

const PROGRAM = '/bin/true';
const WARM_UP = 5;

export const start: Scenario = {
  name: 'start',
  rows: [
    { key: 'pipe', title: 'start → closed of `/bin/true`, pipe', unit: 'ms', kind: 'time' },
    { key: 'pty', title: 'start → closed of `/bin/true`, terminal', unit: 'ms', kind: 'time' },
    { key: 'bare', title: '(`child_process.spawn` of `/bin/true`, no server)', unit: 'ms', kind: 'amount' },
  ],
  async measure(server, { samples }) {
    const client = await server.connect();
    const run = (tty: boolean) => () => BenchProcess.run(client, [PROGRAM], { tty });
    for (const tty of [false, true]) await series(WARM_UP, run(tty));
    return {
      bare: await series(samples, bare),
      pipe: await series(samples, run(false)),
      pty: await series(samples, run(true)),
    };
  },
};

async function bare(): Promise<void> {
  const child = spawn(PROGRAM, [], { stdio: ['ignore', 'pipe', 'pipe'], env: {}, detached: true });
  await once(child, 'close');
}
