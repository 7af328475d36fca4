/** A flood to a client that has stopped reading, and what it does to the server and to another client. */
import { setTimeout as delay } from 'node:timers/promises';
import { gone, writtenBytes } from '../../wire/procfs.js';
import { MIB, timed } from '../facts.js';
import { BenchProcess } from '../process.js';
import type { Scenario } from '../types.js';

const LINE = 'sixteen bytes...';
/** The flood runs dry within this time, or it is never held back. */
const WATCH_MS = 3000;
const WARM_UP = 5;

export const flood: Scenario = {
  name: 'flood',
  rows: [
    {
      key: 'before',
      title: 'flood, client has stopped reading: resident before',
      unit: 'MiB',
      kind: 'amount',
    },
    { key: 'growth', title: '— resident at its highest, above that', unit: 'MiB', kind: 'amount' },
    { key: 'written', title: '— written when the process blocks', unit: 'MiB', kind: 'amount' },
    { key: 'echo', title: "— another process's echo meanwhile, p99", unit: 'ms', kind: 'time', of: 'p99' },
    { key: 'late', title: "— the host's event loop is late meanwhile, p99", unit: 'ms', kind: 'amount' },
  ],
  async measure(server, { floodBytes }) {
    const [flooded, other] = [await server.connect(), await server.connect()];
    const cat = await BenchProcess.start(other, ['cat'], { pipeStdin: true });
    for (let left = WARM_UP; left > 0; left--) await cat.echo(LINE);
    const before = server.residentBytes;
    // It waits for the word, which is sent once the client reads no more.
    const script = `echo $$.; read go; exec head -c ${String(floodBytes)} /dev/zero`;
    const source = await BenchProcess.start(flooded, ['/bin/sh', '-c', script], { pipeStdin: true });
    await source.until(() => source.text.includes('.'));
    flooded.stopReading();
    void source.echo('\n').catch(() => undefined);
    let highest = before;
    const echoes: number[] = [];
    await server.gauge?.reset();
    for (const end = performance.now() + WATCH_MS; performance.now() < end;) {
      echoes.push(await timed(() => cat.echo(LINE)));
      highest = Math.max(highest, server.residentBytes);
      await delay(5);
    }
    const late = await server.gauge?.delay();
    const pid = Number.parseInt(source.text, 10);
    const written = writtenBytes(pid);
    // Without its client it would run on at full speed, beside the next round.
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    return {
      before: [before / MIB],
      growth: [(highest - before) / MIB],
      written: [written / MIB],
      echo: echoes,
      ...(late ? { late: [late.p99Ms] } : {}),
    };
  },
};
