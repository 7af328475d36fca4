import { closeSync, constants, openSync } from 'node:fs';
import type { Child } from './child';
import { startPipeChild } from './pipeChild';
import type { PipePool } from './pipes';
import { startPtyChild } from './ptyChild';
import type { PtyLoader } from './ptyModule';
import { startWindowsPtyChild } from './ptyWindows';
import { SpawnError, toSpawnError } from './spawnError';
import { checkSize } from './terminalSize';
import type { SpawnSpec } from './types';

/** What children are made with. */
export interface ChildMeans {
  readonly pipes: PipePool;
  readonly loadPty: PtyLoader;
}

/**
 * Starts a child on pipes or in a terminal. Rejects with a SpawnError, or a RangeError for a size out of
 * bounds. `Child.begin` is to be called before anything else is awaited.
 */
export async function startChild(spec: SpawnSpec, means: ChildMeans): Promise<Child> {
  checkText(spec);
  if (!spec.cwdBytes) return startIn(spec, means);
  const folder = openFolder(spec.cwdBytes);
  try {
    return await startIn({ ...spec, cwd: `/proc/self/fd/${folder}` }, means);
  } finally {
    closeSync(folder);
  }
}

async function startIn(spec: SpawnSpec, means: ChildMeans): Promise<Child> {
  if (!spec.tty) return startPipeChild(spec, means.pipes);
  if (spec.size) checkSize(spec.size);
  return process.platform === 'win32' ? startWindowsPtyChild(spec) : startPtyChild(spec, means.loadPty);
}

/** Linux's O_PATH, which Node does not name: needs no right to list the folder. */
const O_PATH = 0o10000000;

/** Programs are started in a folder that is named by a string, so one that has no such name is held open for it. */
function openFolder(path: Buffer): number {
  try {
    return openSync(path, O_PATH | constants.O_DIRECTORY);
  } catch (error) {
    throw toSpawnError(error);
  }
}

/** The system's strings end at a NUL; Node would name its own function instead of the fault. */
function checkText({ argv, arg0, cwd, env }: SpawnSpec): void {
  const texts = [...argv, arg0 ?? '', cwd, ...Object.keys(env), ...Object.values(env)];
  if (texts.some((text) => text.includes('\0'))) throw new SpawnError('nul byte found in provided data');
}
