/** From the start of a program that does nothing to its `closed`, and the same without a server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { READ_ONLY_SANDBOX } from '../../support/readOnlySandbox.js';
import { series, timed } from '../facts.js';
import { BenchProcess } from '../process.js';
import type { Scenario } from '../types.js';

const PROGRAM = '/bin/true';
const WARM_UP = 5;

export const start: Scenario = {
  name: 'start',
  rows: [
    { key: 'pipe', title: 'start to closed of `/bin/true`, pipe', unit: 'ms', kind: 'time' },
    { key: 'pty', title: 'start to closed of `/bin/true`, terminal', unit: 'ms', kind: 'time' },
    { key: 'sandbox', title: '— in a sandbox (read-only, no network), pipe', unit: 'ms', kind: 'time' },
    { key: 'over', title: '— pipe, in bare `spawn`s without a server', unit: '', kind: 'amount' },
  ],
  async measure(server, { samples }) {
    const client = await server.connect();
    const run = (tty: boolean) => () => BenchProcess.run(client, [PROGRAM], { tty });
    const inside = async () => {
      const { exitCode, text } = await BenchProcess.run(client, [PROGRAM], { sandbox: READ_ONLY_SANDBOX });
      // What fails to make a sandbox would be quick.
      if (exitCode !== 0) throw new Error(`no sandbox: ${text || String(exitCode)}`);
    };
    for (const task of [bare, run(false), run(true), inside]) await series(WARM_UP, task);
    const pipe: number[] = [];
    const over: number[] = [];
    while (pipe.length < samples) {
      const alone = await timed(bare);
      const served = await timed(run(false));
      pipe.push(served);
      over.push(served / alone);
    }
    return { pipe, over, pty: await series(samples, run(true)), sandbox: await series(samples, inside) };
  },
};

async function bare(): Promise<void> {
  const child = spawn(PROGRAM, [], { stdio: ['ignore', 'pipe', 'pipe'], env: {}, detached: true });
  await once(child, 'close');
}
