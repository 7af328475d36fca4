import { constants } from 'node:os';
import { osSpawnError, type SpawnError } from '../errors';

/** Both ends of a pipe as file descriptors, blocking and closed on exec. */
export interface Pipe {
  readonly readFd: number;
  readonly writeFd: number;
}

/** A call by name: the arguments are numbers, strings, string arrays that end with null, and buffers. */
export type Call = (...args: unknown[]) => number;

/** The C library of Linux, for the calls that Node does not have. */
export interface Libc {
  /**
   * Makes a pipe.
   *
   * @throws SpawnError when descriptors have run out
   */
  pipe(): Pipe;
  /** For what came from here: Node takes such a number for a mistake in a worker thread. */
  close(fd: number): void;
  closeOnExec(fd: number): void;
  /** The function of this C declaration; undefined where the library has none of its name. */
  find(declaration: string): Call | undefined;
  /** The number from errno.h of the call that was made last. */
  errno(): number;
  /** The errno of the last call as a SpawnError. */
  lastError(): SpawnError;
}

/** The SpawnError for a number from errno.h. */
export function errnoError(errno: number): SpawnError {
  const named = Object.entries(constants.errno).find(([, number]) => number === errno);
  return osSpawnError(named?.[0] ?? `error ${errno}`);
}

/** The flag of `open` by its number on Linux, where /proc shows it too. */
export const O_CLOEXEC = 0o2000000;
const F_SETFD = 2;
const FD_CLOEXEC = 1;

/**
 * Loads koffi's binary for this machine. What it then finds is loaded in this process already.
 *
 * @throws Error without one
 */
export function loadLibc(): Libc {
  // Not at the top: a missing binary must not keep the rest from working.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const koffi = require('koffi') as typeof import('koffi');
  const library = koffi.load(null);
  const find = (declaration: string) => {
    try {
      return library.func(declaration);
    } catch {
      return undefined;
    }
  };
  const pipe2 = library.func('int pipe2(void *ends, int flags)') as Call;
  const close = library.func('int close(int fd)') as Call;
  const fcntl = library.func('int fcntl(int fd, int command, ...)') as Call;
  // An array that the library fills in would cost more than the call.
  const ends = new Int32Array(2);
  const lastError = () => errnoError(koffi.errno());
  return {
    pipe: () => {
      ends.fill(-1);
      if (pipe2(ends, O_CLOEXEC) !== 0) throw lastError();
      const [readFd = -1, writeFd = -1] = ends;
      return { readFd, writeFd };
    },
    close: (fd) => void close(fd),
    closeOnExec: (fd) => void fcntl(fd, F_SETFD, 'int', FD_CLOEXEC),
    find,
    errno: () => koffi.errno(),
    lastError,
  };
}
