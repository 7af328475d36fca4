import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Usage } from '../types';

/** What each of these uses; those that are gone are left out. Empty where the system does not tell. Never rejects. */
export async function usageOf(pids: readonly number[]): Promise<ReadonlyMap<number, Usage>> {
  if (!pids.length || process.platform === 'win32') return new Map();
  if (process.platform !== 'linux') return usageByPs(pids);
  return new Map(
    pids.flatMap((pid): [number, Usage][] => {
      const usage = usageByProc(pid);
      return usage ? [[pid, usage]] : [];
    }),
  );
}

/** Positions behind the name in /proc/PID/stat, in ticks of 10 ms on all of Linux's machines. */
const [USER_TICKS, SYSTEM_TICKS] = [11, 12];
const TICK_MS = 10;

function usageByProc(pid: number): Usage | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
    const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return { cpuMs: ticks * TICK_MS, memoryBytes: Number(resident ?? 0) * 1024 };
  } catch {
    return undefined;
  }
}

async function usageByPs(pids: readonly number[]): Promise<Map<number, Usage>> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=,rss=,time=', '-p', pids.join()]);
    return parseUsage(stdout);
  } catch {
    return new Map();
  }
}

/** Reads `ps -o pid=,rss=,time=`: KiB, and `1-02:03:04` or `3:04.05`. */
export function parseUsage(text: string): Map<number, Usage> {
  const lines = text.matchAll(/^\s*(\d+)\s+(\d+)\s+(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s*$/gm);
  return new Map(
    Array.from(lines, ([, pid, kib, days = 0, hours = 0, minutes, seconds]): [number, Usage] => {
      const s = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
      return [Number(pid), { cpuMs: s * 1000, memoryBytes: Number(kib) * 1024 }];
    }),
  );
}
