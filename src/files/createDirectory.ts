import { lstat, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkPath, type LinkOptions, type NativePath } from './nativePath';
import { withoutLinks } from './noFollow';
import { asFsErrors, errorName, osError } from './osError';

export interface CreateDirectoryOptions extends LinkOptions {
  /** Makes missing parents too, and takes a directory that is there already as success. Absent means yes. */
  readonly recursive?: boolean | undefined;
}

/** The directory above, also of a path in bytes. */
function parentOf(path: NativePath): NativePath {
  if (typeof path === 'string') return dirname(path);
  return Buffer.from(dirname(path.toString('latin1')), 'latin1');
}

async function isDirectory(path: NativePath): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function createAll(path: NativePath): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const parent = parentOf(path);
    // The root is its own parent.
    if (errorName(error) === 'ENOENT' && parent.length < path.length) {
      await createAll(parent);
      await mkdir(path).catch(async (again: unknown) => {
        if (!(await isDirectory(path))) throw again;
      });
    } else if (!(await isDirectory(path))) {
      throw error;
    }
  }
}

/** As above, where no part of the path may be a link. */
function createWithoutLinks(path: NativePath, recursive: boolean): Promise<void> {
  const makeLast = async (safePath: NativePath) => {
    try {
      await mkdir(safePath);
    } catch (error) {
      if (!recursive || errorName(error) !== 'EEXIST') throw error;
      if (!(await lstat(safePath)).isDirectory()) throw osError('ENOTDIR');
    }
  };
  return withoutLinks(path, makeLast, { create: recursive });
}

/** Makes a directory. */
export function createDirectory(path: NativePath, options: CreateDirectoryOptions = {}): Promise<void> {
  return asFsErrors(async () => {
    const checked = checkPath(path);
    const recursive = options.recursive ?? true;
    if (options.followSymlinks === false) await createWithoutLinks(checked, recursive);
    else if (recursive) await createAll(checked);
    else await mkdir(checked);
  });
}
