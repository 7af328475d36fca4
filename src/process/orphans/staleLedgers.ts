import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hostLives, pidScope, type HostIdentity } from './hostIdentity';

/** After it a ledger from elsewhere, or from before the machine was started anew, is nobody's any more. */
const FOREIGN_MS = 30 * 24 * 60 * 60 * 1000;

/** A ledger's name says whose it is: a look at a folder of them opens none. */
export function ledgerName(scope: string, { pid, start }: HostIdentity, number: number): string {
  return `${scope}-${pid}-${start}-${number}`;
}

/** The ledgers in a folder whose hosts have died, as paths. Removes old ones of other machines. Never rejects. */
export async function staleLedgers(folder: string): Promise<string[]> {
  const stale: string[] = [];
  try {
    const scope = pidScope();
    for (const name of await readdir(folder)) {
      const [, whose, pid, start] = /^([0-9a-f]+)-(\d+)-([\d.]+)-\d+$/.exec(name) ?? [];
      if (whose === undefined) continue;
      const path = join(folder, name);
      if (whose !== scope) await removeIfOld(path);
      else if (!hostLives({ pid: Number(pid), start: Number(start), firstMark: 0 })) stale.push(path);
    }
  } catch {
    // There is none yet, or it cannot be read: the first note will say so.
  }
  return stale;
}

async function removeIfOld(path: string): Promise<void> {
  const { mtimeMs } = await stat(path);
  if (Date.now() - mtimeMs > FOREIGN_MS) await rm(path, { force: true });
}
