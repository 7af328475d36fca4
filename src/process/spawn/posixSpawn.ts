import { setImmediate as nextTurn } from 'node:timers/promises';
import { withNewMark } from '../observe/newborn';
import type { Libc } from '../native/libc';
import { findSpawnCall, type SpawnRequest } from '../native/spawnCall';

/** A child, and the mark that it and all that comes of it carry; 0 where there are none. */
export interface Spawned {
  readonly pid: number;
  readonly mark: number;
}

/** Starts a program as SpawnCall does, in its turn. Rejects with a SpawnError. */
export type PosixSpawn = (request: SpawnRequest) => Promise<Spawned>;

/**
 * The launcher's way to start programs on Linux; undefined where the C library has none that fits. In one turn each, so
 * that a child can inherit what no other child is to have; so the disks that it needs must have answered before.
 */
export function findPosixSpawn(libc: Libc): PosixSpawn | undefined {
  const spawn = findSpawnCall(libc);
  if (!spawn) return undefined;
  let last = Promise.resolve();
  return async (request) => {
    const before = last;
    // Between two of many everything else has its turn.
    last = before.then(() => nextTurn());
    await before;
    const { started: pid, mark } = withNewMark(() => spawn(request));
    return { pid, mark };
  };
}
