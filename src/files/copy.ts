import { copyFile, lstat, readlink, realpath, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative, isAbsolute, sep } from 'node:path';
import { createDirectory } from './createDirectory';
import { invalid } from './fsError';
import { checkPath, fromByteText, joinBytes, toByteText, type NativePath } from './nativePath';
import { asFsErrors, errorName } from './osError';
import { listDirectory } from './readDirectory';

export interface CopyOptions {
  /** Needed for a directory. */
  readonly recursive: boolean;
}

const ONLY_FILES = 'fs/copy only supports regular files, directories, and symlinks';

/** A path with all links resolved; as byte texts, because it need not be UTF-8. */
async function realText(path: string): Promise<string> {
  return toByteText(await realpath(fromByteText(path), 'buffer'));
}

/** Where a path would be once made: its nearest existing parent resolved, the rest as it is. Byte texts. */
async function futurePath(path: string): Promise<string> {
  try {
    return await realText(path);
  } catch (error) {
    const parent = dirname(path);
    if (errorName(error) !== 'ENOENT' || parent === path) throw error;
    return join(await futurePath(parent), basename(path));
  }
}

async function refuseDescendant(source: NativePath, destination: NativePath): Promise<void> {
  const below = relative(await realText(toByteText(source)), await futurePath(toByteText(destination)));
  const isOutside = below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below);
  if (!isOutside) throw invalid('fs/copy cannot copy a directory to itself or one of its descendants');
}

/** Content and mode, over an existing file. Nothing is written to devices and FIFOs, which could wait for ever. */
async function copyRegular(source: NativePath, destination: NativePath): Promise<void> {
  const existing = await stat(destination).catch(() => undefined);
  if (existing && !existing.isFile() && !existing.isDirectory()) throw invalid(ONLY_FILES);
  await copyFile(source, destination);
}

async function copyLink(source: NativePath, destination: NativePath): Promise<void> {
  await symlink(await readlink(source, 'buffer'), destination);
}

/** Merges into an existing directory. Devices, FIFOs and sockets in the tree are left out. */
async function copyTree(source: NativePath, destination: NativePath): Promise<void> {
  await createDirectory(destination);
  for (const entry of await listDirectory(source)) {
    const from = joinBytes(source, entry.name);
    const to = joinBytes(destination, entry.name);
    if (entry.isDirectory()) await copyTree(from, to);
    else if (entry.isSymbolicLink()) await copyLink(from, to);
    else if (entry.isFile()) await copyRegular(from, to);
  }
}

/** Copies a file with its mode, a link as a link, or a whole directory. */
export function copy(source: NativePath, destination: NativePath, options: CopyOptions): Promise<void> {
  return asFsErrors(async () => {
    const from = checkPath(source);
    const to = checkPath(destination);
    const stats = await lstat(from);
    if (stats.isDirectory()) {
      if (!options.recursive)
        throw invalid('fs/copy requires recursive: true when sourcePath is a directory');
      await refuseDescendant(from, to);
      await copyTree(from, to);
    } else if (stats.isSymbolicLink()) {
      await copyLink(from, to);
    } else if (stats.isFile()) {
      await copyRegular(from, to);
    } else {
      throw invalid(ONLY_FILES);
    }
  });
}
