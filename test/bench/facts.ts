/** What /proc and arithmetic tell. */
import { readdirSync } from 'node:fs';

export const MIB = 1024 * 1024;

/** How many descriptors a process has open. */
export function descriptors(pid: number): number {
  try {
    return readdirSync(`/proc/${String(pid)}/fd`).length;
  } catch {
    return NaN;
  }
}

/** The value below which the given part of the samples lies; NaN without samples. */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** Milliseconds that the task takes. */
export async function timed(task: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await task();
  return performance.now() - from;
}

/** The task's time, so many times, one after another. */
export async function series(count: number, task: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  while (times.length < count) times.push(await timed(task));
  return times;
}

/** What stands for a time that nobody waited for to its end. */
export const ENDLESS = Infinity;

/** The task's time, or ENDLESS if it has not ended within the limit. */
export async function timedWithin(limitMs: number, task: () => Promise<unknown>): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<number>((resolve) => (timer = setTimeout(resolve, limitMs, ENDLESS)));
  try {
    return await Promise.race([timed(task), late]);
  } finally {
    clearTimeout(timer);
  }
}
