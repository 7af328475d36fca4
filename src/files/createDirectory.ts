import { dirname } from 'node:path';
import { disk } from '../blocking';
import { checkPath, type PathOptions, type NativePath } from './nativePath';
import { withoutLinks } from './noFollow';
import { asFsErrors, osError } from './osError';
import { createDirectory as createSandboxed } from './sandboxed/createDirectory';
import { errorCode } from '../values';

export interface CreateDirectoryOptions extends PathOptions {
  /** Makes missing parents too, and takes a directory that is there already as success. Absent means yes. */
  readonly recursive?: boolean | undefined;
}

/** The directory above, also of a path in bytes. */
function parentOf(path: NativePath): NativePath {
  if (typeof path === 'string') return dirname(path);
  return Buffer.from(dirname(path.toString('latin1')), 'latin1');
}

async function isDirectory(path: NativePath): Promise<boolean> {
  return disk.stat(path).then(
    ({ kind }) => kind === 'directory',
    () => false,
  );
}

async function createAll(path: NativePath): Promise<void> {
  try {
    await disk.mkdir(path);
  } catch (error) {
    const parent = parentOf(path);
    // The root is its own parent.
    if (errorCode(error) === 'ENOENT' && parent.length < path.length) {
      await createAll(parent);
      await disk.mkdir(path).catch(async (again: unknown) => {
        if (!(await isDirectory(path))) throw again;
      });
    } else if (!(await isDirectory(path))) {
      throw error;
    }
  }
}

/** Makes a directory where no part of the path may be a link. */
function createWithoutLinks(path: NativePath, recursive: boolean): Promise<void> {
  const makeLast = async (safePath: NativePath) => {
    try {
      await disk.mkdir(safePath);
    } catch (error) {
      if (!recursive || errorCode(error) !== 'EEXIST') throw error;
      if ((await disk.lstat(safePath)).kind !== 'directory') throw osError('ENOTDIR');
    }
  };
  return withoutLinks(path, makeLast, { create: recursive });
}

/** Makes a directory. */
export function createDirectory(path: NativePath, options: CreateDirectoryOptions = {}): Promise<void> {
  return asFsErrors(async () => {
    const checked = checkPath(path);
    const recursive = options.recursive ?? true;
    const refuseLinks = options.followSymlinks === false;
    if (options.policy) await createSandboxed(options.policy, checked, { recursive, refuseLinks });
    else if (refuseLinks) await createWithoutLinks(checked, recursive);
    else if (recursive) await createAll(checked);
    else await disk.mkdir(checked);
  });
}
