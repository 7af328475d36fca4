/** Waiting for what happens outside this process: bounded, and always saying what was waited for. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { START_MS } from '../../scripts/host/patience.mjs';

/** Looks every 20 ms until `look` answers something; fails with `what` after `limit` ms. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false,
  limit = START_MS,
): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited ${String(limit)} ms in vain for ${what}`);
    await sleep(20);
  }
}

/** Waits until a file is there. */
export async function fileThere(path: string): Promise<void> {
  await eventually(`the file ${path}`, () => existsSync(path));
}

/** Waits until a file holds a whole line and answers the number in it. */
export async function numberIn(path: string): Promise<number> {
  return eventually(`a number in ${path}`, () => {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    return text.endsWith('\n') ? Number(text.trim()) : undefined;
  });
}

/** Whether a process still runs; one that only waits to be reaped does not. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return !existsSync('/proc/self/stat');
  }
}
