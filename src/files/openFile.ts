import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { notAFile, type LinkOptions, type NativePath } from './nativePath';
import { refuseLink, withoutLinks } from './noFollow';

// Windows has neither O_NONBLOCK nor O_NOFOLLOW: undefined, which counts as 0 among bits.
const READ = constants.O_RDONLY | constants.O_NONBLOCK;
const REPLACE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK;

/** Opens with `flags`; without following links if so asked. */
function openWith(path: NativePath, flags: number, options: LinkOptions): Promise<FileHandle> {
  if (options.followSymlinks !== false) return open(path, flags);
  return withoutLinks(path, async (safePath) => {
    if (process.platform === 'win32') await refuseLink(safePath);
    return open(safePath, flags | constants.O_NOFOLLOW);
  });
}

/** The handle itself if it is a regular file's; else it is closed and the path refused. */
export async function requireRegular(
  handle: FileHandle,
  path: NativePath,
  options: LinkOptions = {},
): Promise<FileHandle> {
  try {
    if (!(await handle.stat()).isFile()) throw notAFile(path, options);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Opens a regular file for reading. Never waits, and never touches devices or FIFOs. */
export async function openForReading(path: NativePath, options: LinkOptions = {}): Promise<FileHandle> {
  // Looked at before, because opening a device or a FIFO can have effects; and after, because paths change.
  if (options.followSymlinks !== false && !(await stat(path)).isFile()) throw notAFile(path);
  return requireRegular(await openWith(path, READ, options), path, options);
}

/** Opens a file for writing, empty; made if it is not there. A FIFO that nobody reads is an error at once. */
export function openForReplacing(path: NativePath, options: LinkOptions = {}): Promise<FileHandle> {
  return openWith(path, REPLACE, options);
}
