import { basename, dirname, join, relative, isAbsolute, sep } from 'node:path';
import { disk, type CopyPair, type ListEntry } from '../blocking';
import { copyFiles, FILES_AT_ONCE, onlyFiles } from './copyFile';
import { createDirectory } from './createDirectory';
import { openFolder, type Folder } from './folder';
import { invalid } from './fsError';
import { checkPath, fromByteText, toByteText, type NativePath, type PathOptions } from './nativePath';
import { asFsErrors } from './osError';
import { copy as copySandboxed } from './sandboxed/copy';
import { errorCode } from '../values';

export interface CopyOptions extends Pick<PathOptions, 'policy'> {
  /** Needed for a directory. */
  readonly recursive: boolean;
}

/** A path with all links resolved; as byte texts, because it need not be UTF-8. */
async function realText(path: string): Promise<string> {
  return toByteText(await disk.realpath(fromByteText(path)));
}

/** Where a path would be once made: its nearest existing parent resolved, the rest as it is. Byte texts. */
async function futurePath(path: string): Promise<string> {
  try {
    return await realText(path);
  } catch (error) {
    const parent = dirname(path);
    if (errorCode(error) !== 'ENOENT' || parent === path) throw error;
    return join(await futurePath(parent), basename(path));
  }
}

async function refuseDescendant(source: NativePath, destination: NativePath): Promise<void> {
  const below = relative(await realText(toByteText(source)), await futurePath(toByteText(destination)));
  const isOutside = below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below);
  if (!isOutside) throw invalid('fs/copy cannot copy a directory to itself or one of its descendants');
}

async function copyLink(source: NativePath, destination: NativePath): Promise<void> {
  await disk.symlink(await disk.readlink(source), destination);
}

/** Names that are held at a time, of a directory with very many. */
const NAMES_AT_ONCE = 10_000;

/** Merges into an existing directory. Devices, FIFOs and sockets in the tree are left out. */
async function copyTree(source: Folder, destination: NativePath): Promise<void> {
  await createDirectory(destination);
  await using into = await openFolder(destination, { follow: true });
  let after: Buffer | undefined;
  for (;;) {
    const list = await source.list({ which: 'first', max: NAMES_AT_ONCE, after, follow: false });
    let files: CopyPair[] = [];
    for (const entry of list) {
      after = entry.name;
      if (entry.kind === 'file') files.push(await pairOf(source, into, entry.name));
      else await copyEntry(source, into, entry);
      if (files.length < FILES_AT_ONCE) continue;
      await copyFiles(files);
      files = [];
    }
    await copyFiles(files);
    if (!list.isCut) return;
  }
}

async function pairOf(source: Folder, into: Folder, name: Buffer): Promise<CopyPair> {
  return { source: Buffer.from(await source.entry(name)), destination: Buffer.from(await into.entry(name)) };
}

async function copyEntry(source: Folder, into: Folder, { name, kind, isLink }: ListEntry): Promise<void> {
  const to = await into.entry(name);
  if (kind === 'directory') {
    await using inside = await source.enter(name);
    await copyTree(inside, to);
  } else if (isLink) await copyLink(await source.entry(name), to);
}

/** Copies a file with its mode, a link as a link, or a whole directory. */
export function copy(source: NativePath, destination: NativePath, options: CopyOptions): Promise<void> {
  return asFsErrors(async () => {
    const from = checkPath(source);
    const to = checkPath(destination);
    if (options.policy) return copySandboxed(options.policy, from, to, options);
    const { kind } = await disk.lstat(from);
    if (kind === 'directory') {
      if (!options.recursive)
        throw invalid('fs/copy requires recursive: true when sourcePath is a directory');
      await refuseDescendant(from, to);
      await using folder = await openFolder(from, { follow: false });
      await copyTree(folder, to);
    } else if (kind === 'link') await copyLink(from, to);
    else if (kind === 'file') await copyFiles([{ source: Buffer.from(from), destination: Buffer.from(to) }]);
    else throw onlyFiles();
  });
}
