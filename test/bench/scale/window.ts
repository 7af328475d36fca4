/** One window with many machines and many processes: what it costs when nothing happens, and when it is looked at. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { arrange } from '../../../src/editor/tree/arrange';
import { groupRows } from '../../../src/editor/tree/groups';
import { lookAt, type ManagedProcess } from '../../../src/environment';
import { createHub, readEntries, type Hub } from '../../../src/hub';
import { CLI } from '../../engines/far';
import { childrenOf, residentBytes } from '../../wire/procfs';
import { median, MIB, series, timed } from '../facts';

const MACHINES = 20;
const PROCESSES = 1000;
const IDLE_S = 60;
const SAMPLES = 30;
/** In bytes: what went to a machine and what came back. */
const TAP = 'tee "$0.in" | "$@" | tee "$0.out"';

export async function* scaleWindow(): AsyncGenerator<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'scale-'));
  const name = (n: number): string => `m${n}`;
  const ids = Array.from({ length: MACHINES }, (_, n) => name(n));
  const entries = ids.map((id) => {
    const args = ['-c', TAP, path.join(folder, id), process.execPath, CLI, '--listen', 'stdio'];
    return { id, program: '/bin/sh', args };
  });
  const hub = createHub({ environments: { entries: () => readEntries(entries) } });
  const bytes = (): number =>
    ids.flatMap((id) => [`${id}.in`, `${id}.out`]).reduce((sum, file) => sum + sizeOf(folder, file), 0);
  try {
    const bare = ownBytes();
    hub.environments.refresh();
    const connect = await timed(() => connectAll(hub, ids));
    await sleep(1000);
    const connected = ownBytes();
    const idle = await idleFor(bytes);
    const start = await timed(() => startAll(hub, ids));
    await sleep(5000);
    const full = ownBytes();
    const busy = await idleFor(bytes);
    const seen = bytes();
    const measured = await timed(() => hub.environments.measureAll());
    const askedBytes = (bytes() - seen) / MACHINES;
    const list = median(await series(SAMPLES, () => Promise.resolve(rows(hub))));
    const [one] = hub.list() as [ManagedProcess];
    const before = bytes();
    const look = median(await series(SAMPLES, () => lookAt(one, { ports: true })));
    await sleep(200);
    const lookBytes = (bytes() - before) / SAMPLES;
    // Of the three in each pipe the server is the one that is not small.
    const there = childrenOf(process.pid)
      .map((shell) => Math.max(0, ...childrenOf(shell).map(residentBytes)))
      .filter((resident) => resident > 20 * MIB);
    const mib = (value: number): string => `${(value / MIB).toFixed(1)} MiB`;
    yield `| ${MACHINES} machines connected, four at a time | ${connect.toFixed(0)} ms |`;
    yield `| a machine in the window's memory | ${((connected - bare) / MACHINES / 1024).toFixed(0)} KiB |`;
    yield `| an exec-server there, resident with ${PROCESSES / MACHINES} processes | ${mib(median(there))} |`;
    yield `| bytes a minute, an idle machine without processes | ${perMinute(idle.bytes)} |`;
    yield `| bytes a minute, an idle machine with ${PROCESSES / MACHINES} processes | ${perMinute(busy.bytes)} |`;
    yield `| processor time a minute in the window, all idle | ${((busy.cpuMs * 60) / IDLE_S).toFixed(0)} ms |`;
    yield `| ${PROCESSES} processes started | ${start.toFixed(0)} ms |`;
    yield `| a process in the window's memory | ${((full - connected) / PROCESSES / 1024).toFixed(1)} KiB |`;
    yield `| the list of ${PROCESSES} made anew, nothing asked over the wire | ${list.toFixed(2)} ms |`;
    yield `| all ${MACHINES} machines asked whether they answer, every 10 s while the view is seen | ${measured.toFixed(0)} ms, ${askedBytes.toFixed(0)} bytes each |`;
    yield `| one row looked at (its processes, their use and ports), every 2 s while it is unfolded | ${look.toFixed(1)} ms, ${lookBytes.toFixed(0)} bytes |`;
  } finally {
    await hub.close({ graceMs: 500 });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the side bar draws its rows from. */
function rows(hub: Hub): number {
  const all = groupRows(hub.list(), []);
  return all
    .map(({ processes }) => arrange(processes, () => false).live.length)
    .reduce((sum, count) => sum + count, 0);
}

/** On one processor with all of them a server may take its time to start. */
async function connectAll(hub: Hub, ids: readonly string[]): Promise<void> {
  for (let n = 0; n < ids.length; n += 4)
    await Promise.all(ids.slice(n, n + 4).map((id) => hub.environments.connect(id)));
}

async function startAll(hub: Hub, ids: readonly string[]): Promise<void> {
  const owner = { id: 'extension:scale', name: 'scale' };
  await Promise.all(
    ids.map(async (id) => {
      for (let n = 0; n < PROCESSES / MACHINES; n++)
        await hub.start({ argv: ['sleep', '3600'], env: {}, tty: false, pipeStdin: false }, owner, id);
    }),
  );
}

async function idleFor(bytes: () => number): Promise<{ bytes: number; cpuMs: number }> {
  const before = bytes();
  const cpu = process.cpuUsage();
  await sleep(IDLE_S * 1000);
  const { user, system } = process.cpuUsage(cpu);
  return { bytes: bytes() - before, cpuMs: (user + system) / 1000 };
}

const perMinute = (all: number): string => String(Math.round(((all / MACHINES) * 60) / IDLE_S));

/** Of this process, once what nobody needs is gone. */
function ownBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const sizeOf = (folder: string, file: string): number => {
  const { size } = statSync(path.join(folder, file), { throwIfNoEntry: false }) ?? { size: 0 };
  return size;
};
