import { disk } from '../blocking';
import { openFolder } from './folder';
import { FsError } from './fsError';
import { linkInPath } from './getMetadata';
import { checkPath, splitLast, type NativePath, type PathOptions } from './nativePath';
import { withoutLinks } from './noFollow';
import { asFsErrors, isMissing, osError } from './osError';
import { removeTree } from './removeTree';
import { remove as removeSandboxed } from './sandboxed/remove';

export interface RemoveOptions extends PathOptions {
  /** Removes a directory with all that is in it. Absent means yes. */
  readonly recursive?: boolean | undefined;
  /** A path that is not there is fine. Absent means yes. */
  readonly force?: boolean | undefined;
}

async function removeFound(path: NativePath, recursive: boolean): Promise<void> {
  const { kind } = await disk.lstat(path);
  if (kind !== 'directory') await disk.unlink(path);
  else if (!recursive) await disk.rmdir(path);
  else {
    const { directory, name } = splitLast(path);
    if (name.length === 0) throw osError('EBUSY');
    await using parent = await openFolder(directory, { follow: true });
    await removeTree(parent, name);
  }
}

async function removeWithoutLinks(path: NativePath): Promise<void> {
  await withoutLinks(path, async (safePath) => {
    const { kind } = await disk.lstat(safePath);
    if (kind === 'link') throw linkInPath();
    await (kind === 'directory' ? disk.rmdir(safePath) : disk.unlink(safePath));
  });
}

/** Removes a file, a link (never what it leads to) or a directory. */
export function remove(path: NativePath, options: RemoveOptions = {}): Promise<void> {
  const { recursive = true, force = true, followSymlinks = true, policy } = options;
  return asFsErrors(async () => {
    const checked = checkPath(path);
    if (!followSymlinks && recursive) {
      throw new FsError('other', 'recursive no-follow removal is unsupported');
    }
    try {
      if (policy) await removeSandboxed(policy, checked, { recursive, refuseLinks: !followSymlinks });
      else await (followSymlinks ? removeFound(checked, recursive) : removeWithoutLinks(checked));
    } catch (error) {
      if (!force || !isMissing(error)) throw error;
    }
  });
}
