import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorCode, osSpawnError, SpawnError, toSpawnError } from './spawnError';

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

/**
 * Throws the SpawnError that running `program` would meet, found as the system would: by the child's own
 * PATH, or the system's path without one; a name with a slash from `cwd`.
 *
 * node-pty tells such failures by text in the terminal only, so they are found out before.
 */
export function checkProgram(program: string, cwd: string, env: Readonly<Record<string, string>>): void {
  if (program === '') throw new SpawnError('missing program for PTY spawn');
  if (program.includes('/')) {
    const code = whyNotRunnable(resolve(cwd, program));
    if (code !== undefined) throw osSpawnError(code);
    return;
  }
  const path = env['PATH'] ?? SYSTEM_PATH;
  let refused: string | undefined;
  for (const folder of path.split(':')) {
    const code = whyNotRunnable(resolve(cwd, folder, program));
    if (code === undefined) return;
    // As execvp does: a file that may not be run is remembered, but a later folder may have a better one.
    if (code === 'EACCES') refused = code;
  }
  if (refused !== undefined) throw osSpawnError(refused);
  throw new SpawnError(
    `Unable to spawn ${program} because:\nNo viable candidates found in PATH "${path}"`,
    'ENOENT',
  );
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
