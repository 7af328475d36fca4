import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

const NAME = 'exec-server';
/** Rights of the owner, and those of everybody else. */
const PRIVATE = 0o700;
const OTHERS = 0o077;

/**
 * Where the ledgers of a person's hosts lie: in the folder that the system keeps for running programs, else in
 * `storage`, else where programs keep their state. The temporary folder, which cleaners empty, is the last resort.
 *
 * @param storage what the program has of its own, as an absolute path
 */
export function ledgerFolder(env: Readonly<NodeJS.ProcessEnv>, storage?: string): string {
  const runtime = env['XDG_RUNTIME_DIR'] ?? '';
  if (isAbsolute(runtime) && isOwn(runtime)) return join(runtime, NAME);
  if (storage !== undefined) return join(storage, 'running');
  const state = env['XDG_STATE_HOME'] ?? '';
  if (isAbsolute(state)) return join(state, NAME);
  const home = homeOf(env);
  if (home !== undefined) return join(home, '.local', 'state', NAME);
  return join(tmpdir(), `${NAME}-${process.getuid?.() ?? 0}`);
}

/** A person without an entry in the system's list has none. */
function homeOf({ HOME = '' }: Readonly<NodeJS.ProcessEnv>): string | undefined {
  if (isAbsolute(HOME)) return HOME;
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

/**
 * Makes the folder where it is not there.
 *
 * @throws Error if anybody else could change what is in it
 */
export function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: PRIVATE });
  if (!isOwn(folder)) throw new Error(`${folder} belongs to somebody else, or is a link`);
  if ((lstatSync(folder).mode & OTHERS) !== 0) chmodSync(folder, PRIVATE);
}

function isOwn(folder: string): boolean {
  try {
    const status = lstatSync(folder);
    return status.isDirectory() && status.uid === process.getuid?.();
  } catch {
    return false;
  }
}
