import { disk, type ListEntry } from '../blocking';
import { invalid } from './fsError';
import { checkPath, type NativePath, type PathOptions } from './nativePath';
import { asFsErrors } from './osError';
import { list, type Listed } from './sandboxed/list';

export interface DirectoryEntry {
  /** Bytes that are not UTF-8 are replaced. */
  readonly fileName: string;
  readonly isDirectory: boolean;
  readonly isFile: boolean;
}

/** Entries that are listed without asking whether there is room for them. */
export const FEW_ENTRIES = 1000;

/** What is listed for somebody who may be slow to take it. */
export interface ListRoom extends Pick<PathOptions, 'policy'> {
  /** Awaited once, before more than 1,000 entries are in memory. */
  readonly beforeMany: () => Promise<void>;
  /** A directory with more is refused. */
  readonly maxEntries: number;
}

/**
 * Everything in a directory in no order; links are followed, those that lead nowhere left out. The entries are made as
 * they are taken, out of a few bytes for each.
 */
export function readDirectory(path: NativePath, room: ListRoom): Promise<Iterable<DirectoryEntry>> {
  return asFsErrors(async () => {
    const directory = checkPath(path);
    const { policy } = room;
    const look = (max: number): Promise<Listed> => {
      const options = { which: 'all', max, follow: true } as const;
      return policy ? list(policy, directory, options, 'follow') : disk.list(directory, options);
    };
    const few = await look(FEW_ENTRIES);
    if (!few.isCut) return describe(few);
    await room.beforeMany();
    const all = await look(room.maxEntries);
    if (!all.isCut) return describe(all);
    throw invalid(
      `the directory has more than ${room.maxEntries} entries, which is what fits into one message; ` +
        'list it with fs/walk or with a command',
    );
  });
}

function* describe(entries: Iterable<ListEntry>): Iterable<DirectoryEntry> {
  for (const { name, kind } of entries) {
    if (kind === 'nothing') continue;
    yield { fileName: name.toString(), isDirectory: kind === 'directory', isFile: kind === 'file' };
  }
}
