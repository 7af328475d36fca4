import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { checkPath, joinBytes, type NativePath } from './nativePath';
import { asFsErrors } from './osError';

export interface DirectoryEntry {
  /** Bytes that are not UTF-8 are replaced. */
  readonly fileName: string;
  readonly isDirectory: boolean;
  readonly isFile: boolean;
}

/** What a name in a directory leads to; undefined for links to nowhere and for what has just vanished. */
export type EntryKind = 'file' | 'directory' | 'other';

/** The names in a directory as bytes, with their types. */
export function listDirectory(path: NativePath): Promise<Dirent<Buffer>[]> {
  return readdir(path, { withFileTypes: true, encoding: 'buffer' });
}

/** Only links cost a look at the disk; the types of the others came with their names. */
export async function entryKind(path: Buffer, entry: Dirent<Buffer>): Promise<EntryKind | undefined> {
  const type = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
  if (!type) return undefined;
  if (type.isDirectory()) return 'directory';
  return type.isFile() ? 'file' : 'other';
}

/** Everything in a directory in no order; links are followed, those that lead nowhere left out. */
export function readDirectory(path: NativePath): Promise<DirectoryEntry[]> {
  return asFsErrors(async () => {
    const directory = checkPath(path);
    const described: DirectoryEntry[] = [];
    for (const entry of await listDirectory(directory)) {
      const kind = await entryKind(joinBytes(directory, entry.name), entry);
      if (!kind) continue;
      const fileName = entry.name.toString();
      described.push({ fileName, isDirectory: kind === 'directory', isFile: kind === 'file' });
    }
    return described;
  });
}
