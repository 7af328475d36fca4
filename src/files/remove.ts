import { lstat, rm, rmdir, unlink } from 'node:fs/promises';
import { FsError, FsErrorCode } from './fsError';
import { linkInPath } from './getMetadata';
import { checkPath, type LinkOptions, type NativePath } from './nativePath';
import { withoutLinks } from './noFollow';
import { asFsErrors, errorName } from './osError';

export interface RemoveOptions extends LinkOptions {
  /** Removes a directory with all that is in it. Absent means yes. */
  readonly recursive?: boolean | undefined;
  /** A path that is not there is fine. Absent means yes. */
  readonly force?: boolean | undefined;
}

async function removeFound(path: NativePath, recursive: boolean): Promise<void> {
  const stats = await lstat(path);
  if (!stats.isDirectory()) await unlink(path);
  else if (recursive) await rm(path, { recursive: true, force: true });
  else await rmdir(path);
}

async function removeWithoutLinks(path: NativePath): Promise<void> {
  await withoutLinks(path, async (safePath) => {
    const stats = await lstat(safePath);
    if (stats.isSymbolicLink()) throw linkInPath();
    await (stats.isDirectory() ? rmdir(safePath) : unlink(safePath));
  });
}

/** Removes a file, a link (never what it leads to) or a directory. */
export function remove(path: NativePath, options: RemoveOptions = {}): Promise<void> {
  const { recursive = true, force = true, followSymlinks = true } = options;
  return asFsErrors(async () => {
    const checked = checkPath(path);
    if (!followSymlinks && recursive) {
      throw new FsError(FsErrorCode.other, 'recursive no-follow removal is unsupported');
    }
    try {
      await (followSymlinks ? removeFound(checked, recursive) : removeWithoutLinks(checked));
    } catch (error) {
      if (!force || errorName(error) !== 'ENOENT') throw error;
    }
  });
}
