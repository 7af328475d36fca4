import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LEDGER_NAME } from './crashGuard';
import { readLedger } from './crashLedger';
import { familyLeftBehind } from './processTree';
import { climb } from './stopLadder';

/** Between asking and killing: nobody is there any more who would wait for an answer. */
const GRACE_MS = 500;

/** Ends, by the one ladder, all that a dead host's ledger names, and removes the ledger's folder. */
export async function crashSweep(folder: string): Promise<void> {
  const identities = readLedger(readFileSync(join(folder, LEDGER_NAME), 'latin1'));
  await Promise.all(
    identities.map((identity) => {
      const family = familyLeftBehind(identity);
      const target = { family, exited: () => !family.leaderLives(), reached: () => undefined };
      return climb(target, { from: 'terminate', graceMs: GRACE_MS, by: 'shutdown' });
    }),
  );
  rmSync(folder, { recursive: true, force: true });
}
