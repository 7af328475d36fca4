import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorCode, osSpawnError, SpawnError, toSpawnError } from './spawnError';
import type { SpawnSpec } from './types';

/** What decides which program it is. */
type Program = Pick<SpawnSpec, 'argv' | 'cwd' | 'env' | 'tty'>;

/** Where the C library looks for programs when there is no PATH. */
const SYSTEM_PATH = '/bin:/usr/bin';
/** What Linux looks at of a script's first line, in bytes. */
const LONGEST_FIRST_LINE = 256;

/** Throws the SpawnError that starting in `cwd` would meet. */
export function checkFolder(cwd: string): void {
  try {
    if (!statSync(cwd).isDirectory()) throw osSpawnError('ENOTDIR');
    accessSync(cwd, constants.X_OK);
  } catch (error) {
    throw toSpawnError(error);
  }
}

/** Where the system would look for the program, by the child's own PATH or the system's without one. */
export function programPaths({ argv: [program = ''], cwd, env }: Program): string[] {
  if (program.includes('/')) return [program];
  return searchedFolders(env)
    .map((folder) => resolve(cwd, folder, program))
    .filter(mayBeThere);
}

/** Where that cannot be seen, the attempt to run it tells why. */
function mayBeThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

function searchedFolders(env: Program['env']): string[] {
  return (env['PATH'] ?? SYSTEM_PATH).split(':');
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
 * Throws the SpawnError that running `program` would meet, found as the system would: by the child's own
 * PATH, or the system's path without one; a name with a slash from `cwd`.
 *
 * node-pty tells such failures by text in the terminal only, so they are found out before.
 */
export function checkProgram(spec: Program): void {
  const {
    argv: [program = ''],
    cwd,
    env,
  } = spec;
  if (program.includes('/')) {
    const code = whyNotRunnable(resolve(cwd, program));
    if (code !== undefined) throw osSpawnError(code);
    return;
  }
  let refused: string | undefined;
  for (const folder of searchedFolders(env)) {
    const code = whyNotRunnable(resolve(cwd, folder, program));
    if (code === undefined) return;
    // As execvp does: a file that may not be run is remembered, but a later folder may have a better one.
    if (code === 'EACCES') refused = code;
  }
  throw refused === undefined ? refuseProgram(spec) : osSpawnError(refused);
}

function whyNotRunnable(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return 'EACCES';
    accessSync(path, constants.X_OK);
    const interpreter = interpreterOf(path);
    if (interpreter !== undefined) accessSync(interpreter, constants.X_OK);
    return undefined;
  } catch (error) {
    return errorCode(error) ?? 'ENOENT';
  }
}

/** The program that a script names in its first line; undefined for what is no script, or not to be read. */
function interpreterOf(path: string): string | undefined {
  const line = Buffer.alloc(LONGEST_FIRST_LINE);
  try {
    const fd = openSync(path, 'r');
    try {
      readSync(fd, line, 0, line.length, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
  return /^#![ \t]*(\/[^\s\0]*)/.exec(line.toString('latin1'))?.[1];
}
