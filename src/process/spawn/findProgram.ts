import { constants } from 'node:fs';
import { resolve } from 'node:path';
import { disk, SilentDiskError } from '../../blocking';
import { systemCode, osSpawnError, SpawnError, toSpawnError } from '../errors';
import { interpreterOf, reach } from './interpreters';
import type { SpawnSpec } from '../types';

/** What decides which program it is. */
type Program = Pick<SpawnSpec, 'argv' | 'cwd' | 'env' | 'tty'>;

/** Where the C library looks for programs when there is no PATH. */
const SYSTEM_PATH = '/bin:/usr/bin';
/** Errors of one place in the PATH, after which the next one is looked at, as execvp does. */
export const TRY_NEXT: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EACCES']);
/** Folders of a PATH. */
const MAX_FOLDERS = 4096;

/** Rejects with the SpawnError that starting in `cwd` would meet. */
export async function checkFolder(cwd: string): Promise<void> {
  try {
    if ((await disk.stat(cwd)).kind !== 'directory') throw osSpawnError('ENOTDIR');
    await disk.access(cwd, constants.X_OK);
  } catch (error) {
    throw toSpawnError(error);
  }
}

/** Whether to try to run it; where that cannot be seen, the attempt tells why. Rejects with a SpawnError. */
export async function mayBeThere(path: string): Promise<boolean> {
  try {
    await disk.access(path, constants.F_OK);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw toSpawnError(error);
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}

/**
 * Where the system would look for the program, in order: by the child's own PATH, or the system's without one.
 *
 * @throws SpawnError for a PATH of more folders than anybody needs
 */
export function searchedPaths({ argv: [program = ''], cwd, env }: Program): string[] {
  if (program.includes('/')) return [program];
  const folders = new Set((env['PATH'] ?? SYSTEM_PATH).split(':'));
  if (folders.size > MAX_FOLDERS) {
    throw new SpawnError(
      `PATH has ${folders.size} folders, which is more than ${MAX_FOLDERS}: leave some out, or name the program by its path`,
    );
  }
  return [...folders].map((folder) => resolve(cwd, folder, program));
}

/** The SpawnError for a program that is nowhere in the PATH. */
export function refuseProgram({ argv: [program = ''], env, tty }: Program): SpawnError {
  if (!tty) return osSpawnError('ENOENT');
  const path = env['PATH'] ?? SYSTEM_PATH;
  return new SpawnError(
    `Unable to spawn ${program} because:\nNo viable candidates found in PATH "${path}"`,
    'ENOENT',
  );
}

/**
 * Where `program` is, found as the system would: by the child's own PATH, or the system's path without one; a
 * name with a slash from `cwd`. Rejects with the SpawnError that running it would meet.
 *
 * node-pty tells such failures by text in the terminal only, so they are found out before.
 */
export async function checkProgram(spec: Program): Promise<string> {
  const {
    argv: [program = ''],
    cwd,
  } = spec;
  if (program.includes('/')) {
    const path = resolve(cwd, program);
    const code = await whyNotRunnable(path);
    if (code !== undefined) throw osSpawnError(code);
    return path;
  }
  let refused: string | undefined;
  for (const path of searchedPaths(spec)) {
    const code = await whyNotRunnable(path);
    if (code === undefined) return path;
    if (!TRY_NEXT.has(code)) throw osSpawnError(code);
    // As execvp does: a file that may not be run is remembered, but a later folder may have a better one.
    if (code === 'EACCES') refused = code;
  }
  throw refused === undefined ? refuseProgram(spec) : osSpawnError(refused);
}

/** Undefined too for what is not to be read. */
async function runnerOf(path: string): Promise<string | undefined> {
  try {
    return await interpreterOf(path);
  } catch (error) {
    if (error instanceof SilentDiskError) throw error;
    return undefined;
  }
}

async function whyNotRunnable(path: string): Promise<string | undefined> {
  try {
    if ((await disk.stat(path)).kind !== 'file') return 'EACCES';
    await disk.access(path, constants.X_OK);
    const interpreter = await runnerOf(path);
    if (interpreter?.startsWith('/')) await disk.access(interpreter, constants.X_OK);
    return undefined;
  } catch (error) {
    if (error instanceof SilentDiskError) throw toSpawnError(error);
    return systemCode(error) ?? 'ENOENT';
  }
}

/**
 * Resolves when the disks of the program and its folder have answered, with whatever: for launchers that would wait for
 * them on the event loop. Rejects with a SpawnError if a disk holds up too many.
 */
export async function waitForDisks(spec: Program): Promise<void> {
  const { cwd } = spec;
  await answered(cwd);
  // There the system itself looks in more places, by rules of its own.
  if (process.platform === 'win32') return;
  for (const path of searchedPaths(spec)) if (await answered(resolve(cwd, path))) return reach(path, cwd);
}

/** Whether something is there, as far as that can be seen. */
async function answered(path: string): Promise<boolean> {
  try {
    await disk.access(path, constants.F_OK);
    return true;
  } catch (error) {
    if (error instanceof SilentDiskError) throw toSpawnError(error);
    return false;
  }
}
