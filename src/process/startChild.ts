import { closeSync, constants, openSync } from 'node:fs';
import type { Child } from './child';
import { orNoTerminals } from './orNoTerminals';
import { startPipeChild, startSocketChild } from './pipeChild';
import { startPtyChild } from './ptyChild';
import { startWindowsPtyChild } from './ptyWindows';
import { SpawnError, toSpawnError } from './spawnError';
import type { System, SystemLoader } from './system';
import { checkSize } from './terminalSize';
import type { SpawnSpec } from './types';

/**
 * Starts a child on pipes or in a terminal. Rejects with a SpawnError, or a RangeError for a size out of
 * bounds. `Child.begin` is to be called before anything else is awaited.
 */
export async function startChild(spec: SpawnSpec, load: SystemLoader): Promise<Child> {
  checkText(spec);
  if (!spec.cwdBytes) return startIn(spec, load);
  const folder = openFolder(spec.cwdBytes);
  try {
    return await startIn({ ...spec, cwd: `/proc/self/fd/${folder}` }, load);
  } finally {
    closeSync(folder);
  }
}

async function startIn(spec: SpawnSpec, load: SystemLoader): Promise<Child> {
  if (spec.tty && spec.size) checkSize(spec.size);
  if (process.platform === 'win32') return spec.tty ? startWindowsPtyChild(spec) : startSocketChild(spec);
  if (spec.tty) return startPtyChild(spec, orNoTerminals('koffi', load).launcher);
  const system = systemOrNone(load);
  return system?.libc ? startPipeChild(spec, system.libc, system.launcher) : startSocketChild(spec);
}

function systemOrNone(load: SystemLoader): System | undefined {
  try {
    return load();
  } catch {
    return undefined;
  }
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

/** The system's strings end at a NUL. */
function checkText({ argv, arg0, cwd, env, tty }: SpawnSpec): void {
  if (!argv[0]) throw new SpawnError(`missing program for ${tty ? 'PTY' : 'pipe'} spawn`);
  const texts = [...argv, arg0 ?? '', cwd, ...Object.keys(env), ...Object.values(env)];
  if (texts.some((text) => text.includes('\0'))) throw new SpawnError('nul byte found in provided data');
}
