import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';

/** Descriptors of the masters of all terminals that are open in this process. */
export const openTerminals = new Set<number>();

/**
 * Runs node-pty's `start` so that its child gets no other terminal's master. On Linux node-pty closes
 * descriptors one by one and gives up at the first number above 15 that is free, so none may be free below
 * the highest master meanwhile.
 */
export function withoutGaps<T>(start: () => T): T {
  if (process.platform !== 'linux') return start();
  const highest = Math.max(0, ...openTerminals);
  const fillers: number[] = [];
  try {
    // The system always gives the lowest free number.
    while (highest > 0 && (fillers.at(-1) ?? 0) <= highest) fillers.push(openSync(devNull, 'r'));
    return start();
  } finally {
    for (const fd of fillers) closeSync(fd);
  }
}
