import type * as Fs from 'node:fs';
import type { OwnCalls } from './threadMain';

/** The first link among some paths and where it leads; -1 if there is none, or no way to tell. */
export interface FoundLink {
  readonly index: number;
  readonly target?: Uint8Array;
}

/** A file and where it is to be copied. */
export interface CopyPair<Path = Buffer> {
  readonly source: Path;
  readonly destination: Path;
}

/** What became of a copy; nothing was written if it is not `done`. */
export type SmallCopy = 'done' | 'large' | 'noFile';

/** The calls of a thread that read, copy and remove. Handed over as text. */
export function treeCalls(fs: typeof Fs): OwnCalls {
  function firstLink(paths: readonly Uint8Array[]): FoundLink {
    for (const [index, bytes] of paths.entries()) {
      const path = Buffer.from(bytes);
      try {
        if (fs.lstatSync(path).isSymbolicLink()) return { index, target: fs.readlinkSync(path, 'buffer') };
      } catch {
        return { index: -1 };
      }
    }
    return { index: -1 };
  }

  /** Room for files that do not tell their size, such as those of /proc. */
  const UNTOLD_BYTES = 65_536;

  function copySmall(source: Uint8Array, destination: Uint8Array, maxBytes: number): SmallCopy {
    const { O_RDONLY, O_WRONLY, O_CREAT, O_NONBLOCK, O_NOFOLLOW } = fs.constants;
    const to = Buffer.from(destination);
    const from = fs.openSync(Buffer.from(source), O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    try {
      const stats = fs.fstatSync(from);
      if (!stats.isFile()) return 'noFile';
      if (stats.size > maxBytes) return 'large';
      // A device may do anything when it is opened.
      const existing = fs.statSync(to, { throwIfNoEntry: false });
      if (existing && !existing.isFile() && !existing.isDirectory()) return 'noFile';
      if (existing?.dev === stats.dev && existing.ino === stats.ino) return 'done';
      // Also of files that tell no size, and grow meanwhile; what is longer is begun anew.
      const content = Buffer.allocUnsafeSlow((stats.size || UNTOLD_BYTES) + 1);
      let length = 0;
      for (let count = -1; count !== 0 && length < content.length; length += count) {
        count = fs.readSync(from, content, length, content.length - length, null);
      }
      if (length === content.length) return 'large';
      return write(
        fs.openSync(to, O_WRONLY | O_CREAT | O_NONBLOCK, stats.mode & 0o7777),
        stats,
        content.subarray(0, length),
      );
    } finally {
      fs.closeSync(from);
    }
  }

  function write(to: number, source: Fs.Stats, content: Buffer): SmallCopy {
    try {
      const target = fs.fstatSync(to);
      if (!target.isFile()) return 'noFile';
      if (target.dev === source.dev && target.ino === source.ino) return 'done';
      if (target.size > 0) fs.ftruncateSync(to, 0);
      if ((target.mode & 0o7777) !== (source.mode & 0o7777)) fs.fchmodSync(to, source.mode & 0o7777);
      for (let done = 0; done < content.length;) done += fs.writeSync(to, content, done);
      return 'done';
    } finally {
      fs.closeSync(to);
    }
  }

  return {
    firstLink,
    copySmall: (pairs: readonly CopyPair<Uint8Array>[], maxBytes: number) =>
      pairs.map(({ source, destination }) => copySmall(source, destination, maxBytes)),
    realpath: (path: string | Uint8Array) => fs.realpathSync.native(path as string, 'buffer'),
    read: (fd: number, length: number, position: number | null) => {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, fs.readSync(fd, bytes, 0, length, position));
    },
    /** What is not there any more is fine. */
    unlinkAll: (paths: readonly Uint8Array[]) => {
      for (const path of paths) {
        try {
          fs.unlinkSync(Buffer.from(path));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        }
      }
    },
  };
}
