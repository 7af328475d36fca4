import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { checkedLibc } from './checkedLibc';
import type { Libc } from './libc';

/** Linux's calls about other processes, which tell in a few µs what /proc tells in 15. None of them throws. */
export interface ProcessCalls {
  /** Its session, undefined if there is no such process. */
  sessionOf(pid: number): number | undefined;
  /** Whether anything has that process group; without the error, dearer than the call, by which Node says no. */
  groupExists(group: number): boolean;
  /** The marks that it carries, its own before an outer one. */
  marksOf(pid: number): readonly number[];
  /**
   * Runs `start`, whose children and all that ever come of them carry the mark. It must start them before it
   * returns: nothing else of this process can start one meanwhile.
   *
   * @param openFiles how many open files they may have that ask for no more; as many as this process when absent,
   * or when this process itself could do with no fewer meanwhile
   */
  bearing<T>(mark: number, openFiles: number | undefined, start: () => T): T;
  /** Keeps the mark of a child, started just now, from being replaced by that of a server inside of it. */
  keepMark(pid: number, mark: number): void;
  /** Signals what has this pid now, provided that `isIt` holds then; a pid that is given away meanwhile gets nothing. */
  send(pid: number, signal: NodeJS.Signals, isIt: () => boolean): void;
  /** Marks from here up to `MARKS_PER_HOST` beyond are this process's to give, and no other's. */
  readonly firstMark: number;
}

/**
 * A mark is a limit on file locks, which Linux has stopped to count in 2004: nothing else is inherited by
 * every descendant, whatever it does with its parents, session, environment and descriptors, and without any effect.
 */
const RLIMIT_LOCKS = 10;
const RLIMIT_NOFILE = 7;
const UNLIMITED = 2n ** 64n - 1n;
/** The soft limit and the hard one, 64 bits each. */
const LIMITS_BYTES = 16;

export const MARKS_PER_HOST = 2 ** 24;
/** The most that JavaScript's numbers can tell apart, and half of it. */
const HIGHEST_MARK = 2 ** 53;
/** A server inside of a marked tree can take lower ones only; below this there are too few. */
const LOWEST_ROOM = 4 * MARKS_PER_HOST;

/** The call's number, on all of Linux's architectures. */
const PIDFD_SEND_SIGNAL = 424;
const PIDFD_OPEN = 434;

/** Descriptors that are kept free, because other threads may open some while a child is started. */
const SPARE_FILES = 128;

let found: { readonly calls: ProcessCalls | undefined } | undefined;

/** Undefined on other systems, and where the C library cannot be called. */
export function processCalls(): ProcessCalls | undefined {
  found ??= { calls: process.platform === 'linux' ? find() : undefined };
  return found.calls;
}

function find(): ProcessCalls | undefined {
  const native = checkedLibc();
  return 'libc' in native ? callsOf(native.libc) : undefined;
}

function callsOf(libc: Libc): ProcessCalls | undefined {
  const kill = libc.find('int kill(int pid, int signal)');
  const getsid = libc.find('int getsid(int pid)');
  const prlimit = libc.find('int prlimit(int pid, int resource, void *set, void *old)');
  const pidfdOpen = libc.find('long syscall(long number, int pid, uint flags)');
  const pidfdSend = libc.find('long syscall(long number, int fd, int signal, void *info, uint flags)');
  if (!kill || !getsid || !prlimit || !pidfdOpen || !pidfdSend) return undefined;
  const limits = new BigUint64Array(LIMITS_BYTES / 8);
  const read = (pid: number): boolean => prlimit(pid, RLIMIT_LOCKS, null, limits) === 0;
  const wanted = new BigUint64Array(LIMITS_BYTES / 8);
  const set = (pid: number, limit: number, soft = UNLIMITED, hard = UNLIMITED): void => {
    wanted[0] = soft;
    wanted[1] = hard;
    prlimit(pid, limit, wanted, null);
  };
  /** Whether, at the last start, an outer server's mark was on this process and so on its children. */
  let isInner = false;
  /** Changes a soft limit of this process; returns the way back. */
  const change = (limit: number, to: number, own: BigUint64Array): (() => void) | undefined => {
    if (prlimit(0, limit, null, own) !== 0) return undefined;
    set(0, limit, BigInt(to), own[1]);
    return () => set(0, limit, own[0], own[1]);
  };
  const ownMark = new BigUint64Array(LIMITS_BYTES / 8);
  const ownFiles = new BigUint64Array(LIMITS_BYTES / 8);
  const carried = (limit = UNLIMITED): number => (limit < HIGHEST_MARK ? Number(limit) : 0);
  /** By the number that the next file will get. */
  const hasRoom = (openFiles: number): boolean => {
    const fd = pidfdOpen(PIDFD_OPEN, process.pid, 0);
    if (fd >= 0) libc.close(fd);
    return fd >= 0 && fd + SPARE_FILES < openFiles;
  };
  const firstMark = firstMarkBelow(read(0) && limits[1] !== UNLIMITED ? carried(limits[1]) : HIGHEST_MARK);

  return {
    sessionOf: (pid) => {
      const session = getsid(pid);
      return session < 0 ? undefined : session;
    },
    groupExists: (group) => kill(-group, 0) === 0 || libc.errno() === constants.errno.EPERM,
    marksOf: (pid) => {
      const both = read(pid) ? [...limits] : shownLimits(pid);
      return both.map(carried).filter((mark) => mark > 0);
    },
    firstMark,
    bearing: (mark, openFiles, start) => {
      const before = [
        mark > 0 && change(RLIMIT_LOCKS, mark, ownMark),
        openFiles !== undefined && hasRoom(openFiles) && change(RLIMIT_NOFILE, openFiles, ownFiles),
      ];
      isInner = ownMark[1] !== UNLIMITED;
      try {
        return start();
      } finally {
        for (const undo of before) if (undo) undo();
      }
    },
    keepMark: (pid, mark) => {
      // An outer mark stays.
      if (!isInner) set(pid, RLIMIT_LOCKS, BigInt(mark), BigInt(mark));
    },
    send: (pid, signal, isIt) => {
      const fd = pidfdOpen(PIDFD_OPEN, pid, 0);
      if (fd < 0) {
        // Gone, or a kernel before 5.3.
        if (isIt()) process.kill(pid, signal);
        return;
      }
      // What is it now was it when it was opened: an earlier process of that pid would be gone.
      if (isIt()) pidfdSend(PIDFD_SEND_SIGNAL, fd, constants.signals[signal], null, 0);
      libc.close(fd);
    },
  };
}

/** Those of another user's process, which only /proc tells. */
function shownLimits(pid: number): bigint[] {
  try {
    const line = /^Max file locks +(\d+|unlimited) +(\d+|unlimited)/m;
    const [, ...both] = line.exec(readFileSync(`/proc/${pid}/limits`, 'latin1')) ?? [];
    return both.map((limit) => (limit === 'unlimited' ? UNLIMITED : BigInt(limit)));
  } catch {
    return [];
  }
}

/** A random place that others will hardly have; 0 where there is no room. */
function firstMarkBelow(end: number): number {
  if (end < LOWEST_ROOM) return 0;
  const most = Math.floor(end / 2 / MARKS_PER_HOST);
  const least = Math.ceil(end / 4 / MARKS_PER_HOST);
  return randomInt(least, Math.max(most, least + 1)) * MARKS_PER_HOST;
}

/** Whether a mark is one of those that the host with this first one gives. */
export function isMarkOf(firstMark: number, mark: number): boolean {
  return firstMark > 0 && mark >= firstMark && mark < firstMark + MARKS_PER_HOST;
}
