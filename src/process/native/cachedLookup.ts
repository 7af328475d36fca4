import { constants as fsConstants, readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Libc } from './libc';
import { MAX_LINKS } from '../../os';

/** What is at a path of the disk that the system itself runs from. */
export interface RootStatus {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Nanoseconds since 1970. */
  readonly mtimeNs: bigint;
  /** Another one after each change of the content or of the rights. */
  readonly state: string;
}

/** What the system knows by heart of a path. Asks no disk, so that it returns at once. */
export interface CachedLookup {
  /** Whether something has that path. */
  has(path: string): 'there' | 'missing' | 'unknown';
  /**
   * What tells this content of a file from any other, if the path leads to the disk that the system itself runs from;
   * undefined elsewhere, and where the system does not know it by heart.
   */
  versionOnRoot(path: string): string | undefined;
  /** What is at the path, a link at its end not followed; undefined where the system does not know it by heart. */
  linkStatusOnRoot(path: string): RootStatus | 'missing' | undefined;
  /** What is at the path, links followed; undefined where the system does not know it by heart. */
  statusOnRoot(path: string): RootStatus | undefined;
  /** The path without links of a folder that may be entered; undefined for anything else, and where the system does not know it by heart. */
  realFolderOnRoot(path: string): Buffer | undefined;
  /**
   * The path without links, of whichever disk; of what is missing that of its folder, with the name. A link to what is
   * missing is followed on the disk that the system runs from only. Undefined where the system does not know it by heart.
   */
  realPath(path: string): string | undefined;
}

/** The call's number, on all machines that Node runs on. */
const OPENAT2 = 437;
const AT_FDCWD = -100;
/** Linux's O_PATH with O_CLOEXEC: needs no right to the file, and does nothing to it. */
const FLAGS = 0o12000000;
const { O_DIRECTORY, O_NOFOLLOW, S_IFMT, S_IFREG, S_IFDIR, S_IFLNK } = fsConstants;
const KINDS = new Map<number, RootStatus['kind']>([
  [S_IFREG, 'file'],
  [S_IFDIR, 'directory'],
  [S_IFLNK, 'link'],
]);
/** Fails with EAGAIN where a disk would have to be asked. */
const RESOLVE_CACHED = 0x20n;
/** The open file itself, and no question to a server about it. */
const AT_EMPTY_PATH = 0x1000;
const AT_STATX_DONT_SYNC = 0x4000;
/** Kind, mode, number, size, and times of the last changes of status and content. */
const WANTED = 0x3c3;
const STATUS_BYTES = 256;
/** Places in what statx tells. */
const AT = { mask: 0, mode: 28, ino: 32, size: 40, status: 96, content: 112, nanoseconds: 8, dev: 136 };
const NS_PER_S = 1_000_000_000n;

/** Linux 5.12; elsewhere, and where a container forbids it, all is unknown. */
export function findCachedLookup(libc: Libc): CachedLookup {
  const syscall = libc.find(
    'long syscall(long number, int folder, const char *path, void *how, size_t bytes)',
  );
  const statx = libc.find('int statx(int folder, const char *path, int flags, uint wanted, void *status)');
  const nothing = (): undefined => undefined;
  if (!syscall) {
    const none = { versionOnRoot: nothing, linkStatusOnRoot: nothing, statusOnRoot: nothing };
    return { has: () => 'unknown', ...none, realFolderOnRoot: nothing, realPath: nothing };
  }
  const how = new BigUint64Array([0n, 0n, RESOLVE_CACHED]);
  const open = (path: string, more = 0): number => {
    how[0] = BigInt(FLAGS | more);
    return syscall(OPENAT2, AT_FDCWD, path, how, how.byteLength);
  };
  const { ENOENT, ENOTDIR } = constants.errno;
  const status = Buffer.alloc(STATUS_BYTES);
  const time = (at: number): bigint =>
    status.readBigInt64LE(at) * NS_PER_S + BigInt(status.readUInt32LE(at + AT.nanoseconds));
  const version = (): string =>
    versionOf(status.readBigUInt64LE(AT.ino), time(AT.content), status.readBigUInt64LE(AT.size));
  /** The disk of what is open; the rest is in `status` then. */
  const deviceOf = (fd: number): bigint | undefined => {
    const failed = statx?.(fd, '', AT_EMPTY_PATH | AT_STATX_DONT_SYNC, WANTED, status) ?? -1;
    if (failed !== 0 || (status.readUInt32LE(AT.mask) & WANTED) !== WANTED) return undefined;
    return status.readBigUInt64LE(AT.dev);
  };
  // A process keeps its root.
  let root: bigint | undefined;
  const opened = <T>(path: string, more: number, use: (fd: number) => T): T | undefined => {
    const fd = open(path, more);
    if (fd < 0) return undefined;
    try {
      return use(fd);
    } finally {
      libc.close(fd);
    }
  };
  const onRoot = <T>(path: string, more: number, use: (fd: number) => T): T | undefined => {
    root ??= opened('/', 0, deviceOf);
    return opened(path, more, (fd) => (root !== undefined && deviceOf(fd) === root ? use(fd) : undefined));
  };
  /** Whether its folder is on that disk, and has no such name. */
  const isMissing = (path: string): boolean =>
    onRoot(dirname(path), O_DIRECTORY, () => {
      const fd = open(path, O_NOFOLLOW);
      if (fd >= 0) libc.close(fd);
      return fd < 0 && libc.errno() === ENOENT;
    }) ?? false;
  const toStatus = (): RootStatus => {
    const mode = status.readUInt16LE(AT.mode);
    return {
      kind: KINDS.get(mode & S_IFMT) ?? 'other',
      mtimeNs: time(AT.content),
      state: [version(), time(AT.status), mode].join(),
    };
  };
  /** Where a link leads; undefined for what is none. */
  const targetOf = (path: string): string | undefined =>
    onRoot(path, O_NOFOLLOW, () => (toStatus().kind === 'link' ? linkTarget(path) : undefined));
  const realPath = (path: string, linksLeft: number): string | undefined => {
    const there = opened(path, 0, nameOf);
    if (there) return there.toString();
    const folder = opened(dirname(path), O_DIRECTORY, nameOf)?.toString();
    if (folder === undefined) return undefined;
    const missing = join(folder, basename(path));
    const target = linksLeft > 0 ? targetOf(missing) : undefined;
    if (target === undefined) return missing;
    return realPath(target.startsWith('/') ? target : `${folder}/${target}`, linksLeft - 1);
  };
  return {
    has: (path) => {
      const fd = open(path);
      if (fd >= 0) {
        libc.close(fd);
        return 'there';
      }
      const errno = libc.errno();
      return errno === ENOENT || errno === ENOTDIR ? 'missing' : 'unknown';
    },
    versionOnRoot: (path) => onRoot(path, 0, version),
    linkStatusOnRoot: (path) =>
      onRoot(path, O_NOFOLLOW, toStatus) ?? (isMissing(path) ? 'missing' : undefined),
    statusOnRoot: (path) => onRoot(path, 0, toStatus),
    // The dot at its end is what may be looked up by those only who may enter it.
    realFolderOnRoot: (path) => onRoot(`${path}/.`, O_DIRECTORY, nameOf),
    realPath: (path) => realPath(path, MAX_LINKS),
  };
}

/** Undefined without /proc. */
function nameOf(fd: number): Buffer | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`, 'buffer');
  } catch {
    return undefined;
  }
}

/** Undefined for what is no link any more. */
function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Another one for each content that a file of one disk has. */
export function versionOf(ino: bigint, mtimeNs: bigint, size: bigint | number): string {
  return [ino, mtimeNs, size].join();
}
