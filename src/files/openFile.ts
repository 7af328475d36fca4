import { constants } from 'node:fs';
import { disk } from '../blocking';
import { notAFile, type PathOptions, type NativePath } from './nativePath';
import { refuseLink, withoutLinks } from './noFollow';
import { open as openSandboxed } from './sandboxed/open';

// Windows has neither O_NONBLOCK nor O_NOFOLLOW: undefined, which counts as 0 among bits.
const READ = constants.O_RDONLY | constants.O_NONBLOCK;
const REPLACE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK;

/** Opens with `flags`; without following links if so asked. */
function openWith(path: NativePath, flags: number, options: PathOptions): Promise<number> {
  if (options.policy) return openSandboxed(options.policy, path, flags, options.followSymlinks === false);
  if (options.followSymlinks !== false) return disk.open(path, flags);
  return withoutLinks(path, async (safePath) => {
    if (process.platform === 'win32') await refuseLink(safePath);
    return disk.open(safePath, flags | constants.O_NOFOLLOW);
  });
}

/** The descriptor itself if it is a regular file's; else it is closed and the path refused. */
export async function requireRegular(
  fd: number,
  path: NativePath,
  options: PathOptions = {},
): Promise<number> {
  try {
    if ((await disk.fstat(fd)).kind !== 'file') throw notAFile(path, options);
    return fd;
  } catch (error) {
    await disk.close(fd);
    throw error;
  }
}

/** Opens a regular file for reading. Never waits, and never touches devices or FIFOs. */
export async function openForReading(path: NativePath, options: PathOptions = {}): Promise<number> {
  // Looked at before, because opening a device or a FIFO can have effects; and after, because paths change.
  const isLookedAt = options.followSymlinks !== false && !options.policy;
  if (isLookedAt && (await disk.stat(path)).kind !== 'file') throw notAFile(path);
  return requireRegular(await openWith(path, READ, options), path, options);
}

/** Opens a file for writing, empty; made if it is not there. A FIFO that nobody reads is an error at once. */
export function openForReplacing(path: NativePath, options: PathOptions = {}): Promise<number> {
  return openWith(path, REPLACE, options);
}
