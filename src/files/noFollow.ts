import { existsSync, constants } from 'node:fs';
import { dirname, parse, sep } from 'node:path';
import { disk } from '../blocking';
import { joinBytes, type NativePath } from './nativePath';
import { osError } from './osError';
import { errorCode } from '../values';

/** Linux's O_PATH, which Node does not name: a directory's handle without the right to list it. */
const O_PATH = 0o10000000;
export const DIRECTORY_FLAGS = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

let descend: boolean | undefined;

/** Whether directories can be entered one by one through their descriptors, safe from link races. */
export function canDescend(): boolean {
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

/** The path at which Linux has an open directory, wherever that is by now. */
export function descriptorPath(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

/** Opens one directory below `parent`; a link or a file in its place is ENOTDIR. */
async function enter(parent: number, name: Buffer, options: ParentOptions): Promise<number> {
  const path = joinBytes(descriptorPath(parent), name);
  try {
    return await disk.open(path, DIRECTORY_FLAGS);
  } catch (error) {
    if (!options.create || errorCode(error) !== 'ENOENT') throw error;
    await mkdirUnlessThere(path);
    return disk.open(path, DIRECTORY_FLAGS);
  }
}

/** Makes a directory; whatever is there already is fine. */
export async function mkdirUnlessThere(path: NativePath): Promise<void> {
  await disk.mkdir(path).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
  });
}

/** Where descriptors cannot be walked: a look at each directory, which a racing rename could outwit. */
export async function checkParents(path: string, options: ParentOptions): Promise<void> {
  const { root } = parse(path);
  let current = root;
  for (const part of dirname(path).slice(root.length).split(sep).filter(Boolean)) {
    current = current.endsWith(sep) ? current + part : current + sep + part;
    let stats = await disk.lstat(current).catch((error: unknown) => {
      if (!options.create || errorCode(error) !== 'ENOENT') throw error;
    });
    if (!stats) {
      await mkdirUnlessThere(current);
      stats = await disk.lstat(current);
    }
    if (stats.kind !== 'directory') throw osError('ENOTDIR');
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
  let parent = await disk.open('/', DIRECTORY_FLAGS);
  try {
    for (const directory of directories) {
      const child = await enter(parent, directory, options);
      await disk.close(parent);
      parent = child;
    }
    return await use(joinBytes(descriptorPath(parent), name));
  } finally {
    await disk.close(parent);
  }
}

/** ELOOP if the path itself is a link, for systems whose `open` cannot refuse it. */
export async function refuseLink(path: NativePath): Promise<void> {
  const stats = await disk.lstat(path).catch(() => undefined);
  if (stats?.kind === 'link') throw osError('ELOOP');
}
