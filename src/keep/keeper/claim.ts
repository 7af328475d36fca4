import { createHash, randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { discoveryFolder, lifeOf, makeOwn, parseIdentity, thisProcess } from '../../agents/discovery';
import { errorCode } from '../../values';

/** A workspace has one kept server. */
export interface Claim {
  /** In this turn. Never throws. */
  release(): void;
}

/**
 * Undefined where another process that lives has it.
 *
 * @throws Error of the system when it cannot be written
 */
export function claim(workspace: string, folder = discoveryFolder().windows): Claim | undefined {
  makeOwn(folder);
  const own = thisProcess();
  // Another machine may share the folder.
  const name = createHash('sha256').update(`${own.scope}\0${workspace}`).digest('hex').slice(0, 16);
  const file = path.join(folder, `${name}.kept`);
  const part = `${file}.${randomBytes(6).toString('hex')}.part`;
  writeFileSync(part, JSON.stringify(own), { mode: 0o600 });
  try {
    for (;;) {
      try {
        // Whole or not at all, and only where there is none.
        linkSync(part, file);
        return { release: () => rmSync(file, { force: true }) };
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
      }
      if (isHeld(file)) return undefined;
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(part, { force: true });
  }
}

function isHeld(file: string): boolean {
  try {
    const identity = parseIdentity(readFileSync(file, 'utf8'));
    return identity !== undefined && lifeOf(identity) !== 'dead';
  } catch {
    return false;
  }
}
