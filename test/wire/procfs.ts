/** What /proc tells about processes. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { STEP_MS } from '../../scripts/host/patience.mjs';

const read = (pid: number, name: string): string => {
  try {
    return readFileSync(`/proc/${String(pid)}/${name}`, 'utf8');
  } catch {
    return '';
  }
};

export const cmdline = (pid: number): string => read(pid, 'cmdline');
export const comm = (pid: number): string => read(pid, 'comm').trimEnd();
export const environ = (pid: number): string => read(pid, 'environ');

/** Runs, and is not a zombie. */
export function alive(pid: number): boolean {
  const stat = read(pid, 'stat');
  const state = stat.slice(stat.lastIndexOf(')') + 2)[0];
  return state !== undefined && !'ZX'.includes(state);
}

/** Resolves once the process is gone; no message announces that, so this looks again and again. */
export async function gone(pid: number, limitMs = STEP_MS): Promise<void> {
  const limit = Date.now() + limitMs;
  while (alive(pid)) {
    if (Date.now() > limit) throw new Error(`process ${String(pid)} still runs: ${cmdline(pid)}`);
    await delay(20);
  }
}

export const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(read(pid, 'status'))?.[1] ?? 0) * 1024;

/** Pids of a process's children, zombies among them. */
export const childrenOf = (pid: number): number[] =>
  read(pid, `task/${String(pid)}/children`)
    .split(' ')
    .filter(Boolean)
    .map(Number);

/** How many bytes the process has written so far. */
export const writtenBytes = (pid: number): number => Number(/wchar: (\d+)/.exec(read(pid, 'io'))?.[1] ?? 0);

/** Waits until the process has written nothing for a second, and gives what it wrote. */
export async function stalled(pid: number): Promise<number> {
  for (let last = -1; ;) {
    const now = writtenBytes(pid);
    if (now === last) return now;
    last = now;
    await delay(1000);
  }
}

/** How many descriptors of the process lead to this path. */
export function openedTimes(pid: number, path: string): number {
  const folder = `/proc/${String(pid)}/fd`;
  return readdirSync(folder).filter((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`) === path;
    } catch {
      return false;
    }
  }).length;
}
