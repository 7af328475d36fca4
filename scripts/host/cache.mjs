// A cache outside of the project: folders that are either complete or not there.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** Half-made folders older than this were left by a run that was killed. */
const STALE_MS = 3_600_000;

export function cacheRoot() {
  const { EXEC_SERVER_CACHE, XDG_CACHE_HOME } = process.env;
  if (EXEC_SERVER_CACHE) return path.resolve(EXEC_SERVER_CACHE);
  return path.join(XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'vscode-exec-server');
}

/**
 * The folder `name` of the cache, made by `make` if it is not there yet.
 * @param {string} name
 * @param {(folder: string) => Promise<void>} make fills a folder that becomes visible only when it is complete
 */
export async function cached(name, make) {
  const root = cacheRoot();
  const folder = path.join(root, name);
  if (existsSync(folder)) return folder;

  mkdirSync(root, { recursive: true });
  removeStale(root);
  const draft = mkdtempSync(path.join(root, '.draft-'));
  try {
    await make(draft);
    try {
      renameSync(draft, folder);
    } catch (error) {
      // Another run may have been faster, and its folder is as good as ours.
      if (!existsSync(folder)) throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

/** @param {string} root */
function removeStale(root) {
  for (const name of readdirSync(root).filter((entry) => entry.startsWith('.draft-'))) {
    const draft = path.join(root, name);
    const age = Date.now() - (statSync(draft, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > STALE_MS) rmSync(draft, { recursive: true, force: true });
  }
}
