import { existsSync, constants } from 'node:fs';
import { lstat, mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, parse, sep } from 'node:path';
import { joinBytes, type NativePath } from './nativePath';
import { errorName, osError } from './osError';

/** Linux's O_PATH, which Node does not name: a directory's handle without the right to list it. */
const O_PATH = 0o10000000;
const DIRECTORY_FLAGS = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

let descend: boolean | undefined;

/** Whether directories can be entered one by one through their descriptors, safe from link races. */
function canDescend(): boolean {
  descend ??= process.platform === 'linux' && existsSync('/proc/self/fd');
  return descend;
}

interface ParentOptions {
  /** Makes the directories on the way that are not there. */
  readonly create?: boolean;
}

/** Splits into the directories and the last name; byte for byte, so latin1. */
function splitPath(path: NativePath): { directories: Buffer[]; name: Buffer } {
  const bytes = typeof path === 'string' ? Buffer.from(path) : path;
  const names = bytes
    .toString('latin1')
    .split('/')
    .filter(Boolean)
    .map((part) => Buffer.from(part, 'latin1'));
  const name = names.pop() ?? Buffer.from('.');
  return { directories: names, name };
}

/** Opens one directory below `parent`; a link or a file in its place is ENOTDIR. */
async function enter(parent: FileHandle, name: Buffer, options: ParentOptions): Promise<FileHandle> {
  const path = joinBytes(`/proc/self/fd/${parent.fd}`, name);
  try {
    return await open(path, DIRECTORY_FLAGS);
  } catch (error) {
    if (!options.create || errorName(error) !== 'ENOENT') throw error;
    await mkdirUnlessThere(path);
    return open(path, DIRECTORY_FLAGS);
  }
}

async function mkdirUnlessThere(path: NativePath): Promise<void> {
  await mkdir(path).catch((error: unknown) => {
    if (errorName(error) !== 'EEXIST') throw error;
  });
}

/** Where descriptors cannot be walked: a look at each directory, which a racing rename could outwit. */
export async function checkParents(path: string, options: ParentOptions): Promise<void> {
  const { root } = parse(path);
  let current = root;
  for (const part of dirname(path).slice(root.length).split(sep).filter(Boolean)) {
    current = current.endsWith(sep) ? current + part : current + sep + part;
    let stats = await lstat(current).catch((error: unknown) => {
      if (!options.create || errorName(error) !== 'ENOENT') throw error;
    });
    if (!stats) {
      await mkdirUnlessThere(current);
      stats = await lstat(current);
    }
    if (!stats.isDirectory()) throw osError('ENOTDIR');
  }
}

/**
 * Calls `use` with a path to the same file on which no directory is a symbolic link. The last name is
 * left to `use`. A link among the directories is ENOTDIR, as with `openat` and O_NOFOLLOW.
 */
export async function withoutLinks<T>(
  path: NativePath,
  use: (safePath: NativePath) => Promise<T>,
  options: ParentOptions = {},
): Promise<T> {
  if (!canDescend()) {
    await checkParents(path.toString(), options);
    return use(path);
  }
  const { directories, name } = splitPath(path);
  let parent = await open('/', DIRECTORY_FLAGS);
  try {
    for (const directory of directories) {
      const child = await enter(parent, directory, options);
      await parent.close();
      parent = child;
    }
    return await use(joinBytes(`/proc/self/fd/${parent.fd}`, name));
  } finally {
    await parent.close();
  }
}

/** ELOOP if the path itself is a link, for systems whose `open` cannot refuse it. */
export async function refuseLink(path: NativePath): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats?.isSymbolicLink()) throw osError('ELOOP');
}
