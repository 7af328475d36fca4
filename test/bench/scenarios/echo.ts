/** A line there and back again. */
import { series } from '../facts.js';
import { BenchProcess } from '../process.js';
import type { Scenario } from '../types.js';

const LINE = 'sixteen bytes...';
const RAW_CAT = ['/bin/sh', '-c', 'stty raw -echo; printf ready; exec cat'];
const WARM_UP = 5;

export const echo: Scenario = {
  name: 'echo',
  rows: [
    { key: 'pipe', title: 'echo through a pipe', unit: 'ms', kind: 'time' },
    { key: 'pty', title: 'echo through a terminal', unit: 'ms', kind: 'time' },
  ],
  async measure(server, { samples }) {
    const client = await server.connect();
    const pipe = await BenchProcess.start(client, ['cat'], { pipeStdin: true });
    const pty = await BenchProcess.start(client, RAW_CAT, { tty: true });
    await pty.until(() => pty.text.includes('ready'));
    const times = async (proc: BenchProcess): Promise<number[]> => {
      await series(WARM_UP, () => proc.echo(LINE));
      return series(samples * 2, () => proc.echo(LINE));
    };
    return { pipe: await times(pipe), pty: await times(pty) };
  },
};
