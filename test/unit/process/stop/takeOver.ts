// Runs in a pid namespace of its own, where the next pid can be chosen: numbers of ours that are free are given to
// strangers, and then everything that ends processes is asked to. Prints which stranger lives.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagedProcess } from '../../../../src/process/managedProcess';
import { processCalls } from '../../../../src/process/native/processCalls';
import { ProcessTable } from '../../../../src/process/processTable';
import { groupExists } from '../../../../src/process/stop/groupExists';
import { escalate } from '../../../../src/process/stop/stopLadder';
import { treeLeftBehind } from '../../../../src/process/stop/treeOf';
import { lives, OWNER, shell, until, untilClosed, untilOutput } from '../helpers';

const TRIES = 200;

/** A stranger's pid, in a group and session with the number `wanted`; with `leaderless` only those that it started are left. */
async function takeOver(wanted: number, leaderless: boolean): Promise<number> {
  await until(() => !lives(wanted));
  for (let left = TRIES; left > 0; left--) {
    writeFileSync('/proc/sys/kernel/ns_last_pid', String(wanted - 1));
    const script = leaderless ? 'sleep 300 >/dev/null 2>&1 & echo $!' : 'echo $$; exec sleep 300';
    const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    const [text] = (await once(child.stdout, 'data')) as [Buffer];
    const stranger = Number(text);
    if (child.pid === wanted) {
      if (leaderless) await until(() => !lives(wanted));
      return stranger;
    }
    process.kill(stranger, 'SIGKILL');
  }
  throw new Error(`no stranger got ${wanted}`);
}

const numberIn = (text: string): number => Number(/pid (\d+)/.exec(text)?.[1]);

/** One whose leader has ended, and then what it had left in its group; its row is closed. */
async function emptied(table: ProcessTable): Promise<ManagedProcess> {
  const row = await table.start('a', shell('exec >/dev/null 2>&1 </dev/null; sleep 0.3 &'), OWNER);
  await untilClosed(row);
  await until(() => !groupExists(row.pid!));
  return row;
}

/** One whose leader has ended and whose group is empty, but whose output is held open by what left it. */
async function held(table: ProcessTable, tty: boolean): Promise<ManagedProcess> {
  const row = await table.start('a', shell('trap "" HUP; setsid sleep 300 & sleep 0.2', { tty }), OWNER);
  await until(() => row.exitCode !== null);
  return row;
}

/** One whose child founded a session with a child of its own, seen by a stop; both have ended. */
async function left(table: ProcessTable, what: 'session' | 'pid'): Promise<[ManagedProcess, number]> {
  const child =
    what === 'session'
      ? 'setsid sh -c "echo pid \\$\\$; sleep 0.5 & sleep 0.4"'
      : 'sh -c "echo pid \\$\\$; sleep 0.4"';
  const row = await table.start('a', shell(`${child} & sleep 300`), OWNER);
  const number = numberIn(await untilOutput(row, /pid \d+\n/));
  await row.stop({ from: 'interrupt', to: 'interrupt', graceMs: 0, by: 'client' }).catch(() => undefined);
  return [row, number];
}

type Way = (table: ProcessTable, leaderless: boolean) => Promise<number>;

const ways: Record<string, Way> = {
  'shutdown after the group was seen empty': async (table, leaderless) => {
    const stranger = await takeOver((await emptied(table)).pid!, leaderless);
    await table.shutdown({ graceMs: 100 });
    return stranger;
  },
  'the end of the session': async (table, leaderless) => {
    const row = await emptied(table);
    const stranger = await takeOver(row.pid!, leaderless);
    table.killLingering(row);
    return stranger;
  },
  'the last moment of the host': async (table, leaderless) => {
    const stranger = await takeOver((await emptied(table)).pid!, leaderless);
    table.killAllNow();
    return stranger;
  },
  'a kill of an exited row whose pipe is held': async (table, leaderless) => {
    const row = await held(table, false);
    const stranger = await takeOver(row.pid!, leaderless);
    await row.stop({ from: 'interrupt', graceMs: 100, by: 'person' });
    return stranger;
  },
  'the hang-up of a terminal': async (table, leaderless) => {
    const row = await held(table, true);
    const stranger = await takeOver(row.pid!, leaderless);
    await row.stop({ from: 'terminate', graceMs: 100, by: 'person' });
    return stranger;
  },
  'a kill after a session that a child founded has ended': async (table, leaderless) => {
    const [row, session] = await left(table, 'session');
    await until(() => !groupExists(session));
    const stranger = await takeOver(session, leaderless);
    await row.stop({ from: 'terminate', graceMs: 100, by: 'client' });
    return stranger;
  },
  'a kill after a child has ended': async (table, leaderless) => {
    const [row, pid] = await left(table, 'pid');
    await until(() => !lives(pid));
    const stranger = await takeOver(pid, leaderless);
    await row.stop({ from: 'terminate', graceMs: 100, by: 'client' });
    return stranger;
  },
  'the sweep after a crash': async (table, leaderless) => {
    const row = await emptied(table);
    const { pid, start, tty } = row.tree.identity!;
    const stranger = await takeOver(pid, leaderless);
    const tree = treeLeftBehind([{ pid, start, tty }], processCalls()?.firstMark ?? 0);
    const target = { tree, exited: () => !tree.leaderLives(), reached: () => undefined };
    await escalate(target, { from: 'terminate', graceMs: 100, by: 'shutdown' });
    return stranger;
  },
};

async function main(): Promise<void> {
  const fate: Record<string, string> = {};
  for (const [name, way] of Object.entries(ways)) {
    for (const leaderless of [true, false]) {
      const table = new ProcessTable();
      const stranger = await way(table, leaderless);
      await sleep(50);
      const what = `${name}, ${leaderless ? 'a group of that number' : 'a process of that number'}`;
      fate[what] = lives(stranger) ? 'lives' : 'was killed';
      if (lives(stranger)) process.kill(stranger, 'SIGKILL');
      await table.shutdown({ graceMs: 0 });
    }
  }
  process.stdout.write(`${JSON.stringify(fate)}\n`);
  process.exit(0);
}

if (readFileSync('/proc/self/stat', 'latin1').startsWith(`${process.pid} `)) void main();
