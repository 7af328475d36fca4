import { readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

const DAY_MS = 86_400_000;
/** How long other versions stay that nobody uses. */
const OLD_MS = 30 * DAY_MS;
/** How long the remains of an unpacking that died stay. */
const LEFT_MS = DAY_MS;

/** Marks a payload as used, now and as long as this process runs. */
export function keepInUse(folder: string): void {
  const touch = (): void => {
    try {
      utimesSync(folder, new Date(), new Date());
    } catch {
      // A file system that has become read-only keeps it anyway.
    }
  };
  touch();
  setInterval(touch, DAY_MS).unref();
}

/** Removes old versions and leftovers from a place. What cannot be removed stays. */
export function sweep(place: string): void {
  for (const name of readdirSync(place)) {
    const isLeft = name.startsWith('.');
    // The Node that was sent serves all versions.
    if (!isLeft && !/^[\da-f]{64}$/.test(name)) continue;
    const path = join(place, name);
    try {
      const age = Date.now() - statSync(path).mtimeMs;
      if (age <= (isLeft ? LEFT_MS : OLD_MS)) continue;
      const aside = join(place, `.old-${process.pid}-${name.slice(-8)}`);
      // In one step, so that nobody finds half of it.
      renameSync(path, aside);
      rmSync(aside, { recursive: true, force: true });
    } catch {
      // Another one sweeps too.
    }
  }
}
