import { closeSync, writeSync } from 'node:fs';
import type { Libc } from './libc';

/** Linux's calls for sandboxes. */
export interface SandboxCalls {
  /**
   * A file without a name that holds these bytes, read from its beginning by whoever gets the descriptor. The number is
   * above those that a child is given, and closed on exec.
   */
  memoryFile(bytes: Uint8Array): number;
  /** Shares a lock on an open folder, which the system takes back when all of this process's ends; false if another has it alone. */
  lockShared(fd: number): boolean;
  /** Turns a shared lock into one held alone; false, and no lock at all, if others share it. */
  lockAlone(fd: number): boolean;
  close(fd: number): void;
}

const MFD_CLOEXEC = 1;
const F_DUPFD_CLOEXEC = 1030;
/** Children are given fewer descriptors than this. */
const LOWEST_FD = 16;
const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;
const EAGAIN = 11;

/** Undefined where the C library lacks something. */
export function findSandboxCalls(libc: Libc): SandboxCalls | undefined {
  const memfd = libc.find('int memfd_create(const char *name, uint flags)');
  const duplicate = libc.find('int fcntl(int fd, int command, int lowest)');
  const flock = libc.find('int flock(int fd, int operation)');
  if (!memfd || !duplicate || !flock) return undefined;
  const lock = (fd: number, operation: number): boolean => {
    if (flock(fd, operation | LOCK_NB) === 0) return true;
    // On file systems without locks nobody is in the way.
    return libc.errno() !== EAGAIN;
  };
  return {
    memoryFile: (bytes) => {
      const low = memfd('exec-server', MFD_CLOEXEC);
      if (low < 0) throw libc.lastError();
      const fd = duplicate(low, F_DUPFD_CLOEXEC, LOWEST_FD);
      const error = fd < 0 ? libc.lastError() : undefined;
      libc.close(low);
      if (error) throw error;
      // At a place, so that whoever shares the descriptor begins at the beginning.
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, done);
      return fd;
    },
    lockShared: (fd) => lock(fd, LOCK_SH),
    lockAlone: (fd) => lock(fd, LOCK_EX),
    close: (fd) => closeSync(fd),
  };
}
