import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { COMPLETE, type Tried } from '../words';

const NAME = 'exec-server';
const OTHERS_MAY_WRITE = 0o022;

/** Where payloads may lie, the best first. The script that sends a Node has the same list. */
export function places(): string[] {
  const { XDG_CACHE_HOME: cache = '', HOME: home = '' } = process.env;
  const own = `${NAME}-${process.getuid?.() ?? 0}`;
  const folders = [
    ...(isAbsolute(cache) ? [join(cache, NAME)] : []),
    // Some containers' commands have none.
    join(isAbsolute(home) ? home : userInfo().homedir, '.cache', NAME),
    join('/var/tmp', own),
    join(tmpdir(), own),
    join('/dev/shm', own),
  ];
  return [...new Set(folders)];
}

/** Where all of that payload is already; undefined if it is nowhere. */
export function findPayload(key: string): string | undefined {
  return places()
    .filter((place) => isOwn(place) && existsSync(join(place, key, COMPLETE)))
    .map((place) => join(place, key))[0];
}

/** The first place that is ours alone, can be written to and may hold programs; or what was wrong with each. */
export function findPlace(): { readonly place: string } | { readonly tried: readonly Tried[] } {
  const tried: Tried[] = [];
  for (const place of places()) {
    try {
      makeFolder(place);
      if (!isOwn(place)) throw new Error('it belongs to, or can be written by, somebody else');
      tryProgram(place);
      return { place };
    } catch (error) {
      tried.push([place, reasonOf(error)]);
    }
  }
  return { tried };
}

/** With those above it. Node's own way tells of a read-only system that something is not there. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another who attaches at this moment made it.
    if (!existsSync(path)) throw error;
  }
}

/** A folder in which others could put their programs in the place of ours is none. */
function isOwn(place: string): boolean {
  try {
    const { mode, uid } = lstatSync(place);
    return lstatSync(place).isDirectory() && uid === process.getuid?.() && (mode & OTHERS_MAY_WRITE) === 0;
  } catch {
    return false;
  }
}

/**
 * Tries whether what is written there can be run.
 *
 * @throws Error if it cannot: a file system may be mounted so
 */
function tryProgram(place: string): void {
  const program = join(place, `.try-${process.pid}`);
  try {
    writeFileSync(program, '#!/bin/sh\nexit 0\n', { mode: 0o700 });
    execFileSync(program, { stdio: 'ignore' });
  } finally {
    rmSync(program, { force: true });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : error.message;
  const isRun = 'syscall' in error && String(error.syscall).startsWith('spawn');
  return isRun ? `programs may not be run there (${code})` : (REASONS[code] ?? code);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write (EACCES)',
  EPERM: 'no permission to write (EPERM)',
  EROFS: 'read-only (EROFS)',
  ENOSPC: 'full (ENOSPC)',
  EDQUOT: 'the quota is used up (EDQUOT)',
  ENOENT: 'not there (ENOENT)',
  ENOTDIR: 'not a folder (ENOTDIR)',
};
