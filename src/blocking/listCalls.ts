import type * as Fs from 'node:fs';
import type { OwnCalls } from './threadMain';

/** Which entries of a folder are wanted. */
export interface ListOptions {
  /** `all` in no order, or none if there are more than `max`; or the `first` of them by the bytes of their names. */
  readonly which: 'all' | 'first';
  readonly max: number;
  /** Only what comes behind this name, with `first`. */
  readonly after?: Uint8Array | undefined;
  /** Tells what links lead to, which asks the disks that they lead to. */
  readonly follow: boolean;
}

/** A folder's entries, packed because there may be very many. */
export interface PackedList {
  /** Each name is ended by a zero byte. */
  readonly names: Uint8Array;
  /**
   * One for each name: 0 other, 1 file, 2 directory, 3 nothing; 4 is added for a link, which is what it leads to, or
   * `other` if it was not followed.
   */
  readonly kinds: Uint8Array;
  /** There are more. */
  readonly isCut: boolean;
}

/** The calls of a thread that look at folders and paths. Handed over as text. */
export function listCalls(fs: typeof Fs): OwnCalls {
  function list(path: string | Uint8Array, options: ListOptions): PackedList {
    // Buffers arrive as plain arrays. The declarations know no names in bytes here.
    const directory = typeof path === 'string' ? path : Buffer.from(path);
    const names = { encoding: 'buffer', bufferSize: 512 } as unknown as Fs.OpenDirOptions;
    const opened = fs.opendirSync(directory, names);
    const read = () => opened.readSync() as unknown as Fs.Dirent<Buffer> | null;
    const packer = newPacker(directory, options.follow);
    try {
      if (options.which === 'first') return readFirst(read, packer, options);
      for (let entry = read(); entry; entry = read()) {
        if (packer.count === options.max) return newPacker(directory, false).finish(true);
        packer.add(entry);
      }
      return packer.finish(false);
    } finally {
      opened.closeSync();
    }
  }

  function readFirst(
    read: () => Fs.Dirent<Buffer> | null,
    packer: ReturnType<typeof newPacker>,
    { max, after }: ListOptions,
  ): PackedList {
    let found: Fs.Dirent<Buffer>[] = [];
    let isCut = false;
    const sortAndCut = () => {
      found.sort((left, right) => Buffer.compare(left.name, right.name));
      isCut ||= found.length > max;
      found = found.slice(0, max);
    };
    for (let entry = read(); entry; entry = read()) {
      if (after && Buffer.compare(entry.name, after) <= 0) continue;
      found.push(entry);
      if (found.length > 2 * max) sortAndCut();
    }
    sortAndCut();
    for (const entry of found) packer.add(entry);
    return packer.finish(isCut);
  }

  /** Takes entries one by one, in memory that doubles. */
  function newPacker(directory: string | Buffer, follow: boolean) {
    let names = new Uint8Array(1024);
    let kinds = new Uint8Array(64);
    let end = 0;
    let count = 0;
    const doubled = (bytes: Uint8Array<ArrayBuffer>) => {
      const larger = new Uint8Array(bytes.length * 2);
      larger.set(bytes);
      return larger;
    };
    return {
      get count() {
        return count;
      },
      add(entry: Fs.Dirent<Buffer>): void {
        while (end + entry.name.length + 1 > names.length) names = doubled(names);
        if (count === kinds.length) kinds = doubled(kinds);
        names.set(entry.name, end);
        end += entry.name.length + 1;
        kinds[count] = kindOf(directory, entry, follow);
        count += 1;
      },
      finish: (isCut: boolean): PackedList => ({
        names: names.slice(0, end),
        kinds: kinds.slice(0, count),
        isCut,
      }),
    };
  }

  /** Only links cost a look at the disk; the types of the others came with their names. */
  function kindOf(directory: string | Buffer, entry: Fs.Dirent<Buffer>, follow: boolean): number {
    if (!entry.isSymbolicLink()) return typeCode(entry);
    if (!follow) return 4;
    try {
      // Windows takes this slash too.
      const path = Buffer.concat([Buffer.from(directory), Buffer.from('/'), entry.name]);
      return 4 + typeCode(fs.statSync(path));
    } catch {
      return 4 + 3;
    }
  }

  function typeCode(type: { isFile(): boolean; isDirectory(): boolean }): number {
    if (type.isDirectory()) return 2;
    return type.isFile() ? 1 : 0;
  }

  return {
    list,
    /** Only if the folder is where it is expected, whatever links are on the way by now; else ENOENT. Linux only. */
    listGuarded: (path: Uint8Array, expected: Uint8Array, options: ListOptions) => {
      const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
      const fd = fs.openSync(Buffer.from(path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);
      try {
        const here = `/proc/self/fd/${fd}`;
        if (fs.readlinkSync(here, 'buffer').equals(expected)) return list(here, options);
        throw Object.assign(new Error('the folder is not there any more'), { code: 'ENOENT' });
      } finally {
        fs.closeSync(fd);
      }
    },
  };
}
