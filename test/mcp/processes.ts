import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether a process runs that has this text in its command line. */
export function runs(text: string): boolean {
  return pidOf(text) !== undefined;
}

/** The pid of such a process, of those that work in this folder; undefined where there is none. */
export function pidOf(text: string, folder?: string): number | undefined {
  const found = readdirSync('/proc').find((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)) return false;
      return folder === undefined || readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false;
    }
  });
  return found === undefined ? undefined : Number(found);
}

/** Looks again and again, for a while. */
export async function eventually(
  is: () => boolean | Promise<boolean>,
  what: string,
  ms = 60_000,
): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    if (await is()) return;
    await sleep(50);
  }
  assert.fail(`never: ${what}`);
}
