import { constants } from 'node:fs';
import { disk } from '../blocking';
import type { Child } from './child';
import { checkLengths } from './spawn/lengths';
import type { BufferPool } from './streams/bufferPool';
import { startPipeChild, startSocketChild } from './streams/pipeChild';
import { startPtyChild } from './streams/ptyChild';
import { startWindowsPtyChild } from './streams/conptyChild';
import { SpawnError, toSpawnError } from './errors';
import type { PlatformLoader } from './spawn/platform';
import { checkSize } from './terminalSize';
import type { Sandboxes } from './sandbox/sandboxes';
import type { ConfinedSpec } from './sandbox/sandboxBackend';
import { SandboxRefusal } from '../sandbox';
import type { LaunchSpec } from './spawn/launcher';
import type { SpawnSpec } from './types';

/** What children are started with. */
export interface StartMeans {
  readonly load: PlatformLoader;
  readonly pool: BufferPool;
  readonly sandboxes: Sandboxes;
}

/**
 * Starts a child on pipes or in a terminal, in a sandbox if one is asked for. Rejects with a SpawnError, a SandboxRefusal,
 * or a RangeError for a size out of bounds. `Child.begin` is to be called before anything else is awaited.
 */
export async function startChild(asked: SpawnSpec, means: StartMeans): Promise<Child> {
  const { load, pool } = means;
  checkText(asked);
  if (process.platform === 'linux') checkLengths(asked);
  const spec = asked.tty && process.platform !== 'win32' ? withShell(asked) : asked;
  const { sandbox } = spec;
  if (sandbox) return startInside({ ...spec, sandbox }, means);
  if (!spec.cwdBytes) return startIn(spec, load, pool);
  const folder = await openFolder(spec.cwdBytes);
  try {
    return await startIn({ ...spec, cwd: `/proc/self/fd/${folder}` }, load, pool);
  } finally {
    await disk.close(folder);
  }
}

/** A terminal's programs start shells by this name. */
function withShell(spec: SpawnSpec): SpawnSpec {
  return { ...spec, env: { SHELL: process.env['SHELL'] ?? '/bin/sh', ...spec.env } };
}

async function startInside(spec: ConfinedSpec, { load, pool, sandboxes }: StartMeans): Promise<Child> {
  if (spec.tty && spec.size) checkSize(spec.size);
  if (spec.cwdBytes) throw new SandboxRefusal('cwd', 'its name is no UTF-8', 'Start it in another folder.');
  const { launch, confinement, started } = await sandboxes.confine(spec);
  try {
    return Object.assign(await startIn(launch, load, pool), { confinement });
  } catch (error) {
    confinement.release();
    throw error;
  } finally {
    started();
  }
}

/** Starts what is final, for whoever needs no more than a child. */
export async function startIn(spec: LaunchSpec, load: PlatformLoader, pool: BufferPool): Promise<Child> {
  if (spec.tty && spec.size) checkSize(spec.size);
  const { libc, launcher } = load();
  if (process.platform === 'win32')
    return spec.tty ? startWindowsPtyChild(spec) : startSocketChild(spec, pool);
  if (spec.tty) return startPtyChild(spec, launcher, pool);
  return libc ? startPipeChild(spec, libc, launcher, pool) : startSocketChild(spec, pool);
}

/** Linux's O_PATH, which Node does not name: needs no right to list the folder. */
const O_PATH = 0o10000000;

/** Programs are started in a folder that is named by a string, so one that has no such name is held open for it. */
async function openFolder(path: Buffer): Promise<number> {
  try {
    return await disk.open(path, O_PATH | constants.O_DIRECTORY);
  } catch (error) {
    throw toSpawnError(error);
  }
}

/** The system's strings end at a NUL. */
function checkText({ argv, arg0, cwd, env, tty }: SpawnSpec): void {
  if (!argv[0]) throw new SpawnError(`missing program for ${tty ? 'PTY' : 'pipe'} spawn`);
  const hasEnd = (text = ''): boolean => text.includes('\0');
  const texts = [...argv, arg0 ?? '', cwd];
  if (texts.some(hasEnd) || Object.keys(env).some((name) => hasEnd(name) || hasEnd(env[name])))
    throw new SpawnError('nul byte found in provided data');
}
