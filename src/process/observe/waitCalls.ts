import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** The calls in which a program waits for input. */
type Call = 'read' | 'poll' | 'select' | 'epoll';

/** Their numbers. */
const CALLS: Readonly<Record<string, Readonly<Record<number, Call>>>> = {
  x64: {
    0: 'read',
    19: 'read',
    7: 'poll',
    271: 'poll',
    23: 'select',
    270: 'select',
    232: 'epoll',
    281: 'epoll',
    441: 'epoll',
  },
  arm64: { 63: 'read', 65: 'read', 73: 'poll', 72: 'select', 22: 'epoll', 441: 'epoll' },
};

const POLL_BYTES = 8;
/** POLLIN and POLLRDNORM. */
const READABLE = 0x41;
/** More descriptors than that are not looked at. */
const MOST_FDS = 256;

/** What a thread sleeps in. */
export interface SleepsIn {
  readonly call: 'read' | 'polls';
  /** The descriptors that it waits to read from. */
  readonly fds: readonly number[];
}

/**
 * What a thread sleeps in, if it is a wait for input.
 *
 * @throws Error of the system where it does not tell
 */
export function sleepsIn(pid: number, tid: number): SleepsIn | undefined {
  const [number = '', ...args] = readFileSync(`/proc/${pid}/task/${tid}/syscall`, 'latin1').split(' ');
  const call = CALLS[process.arch]?.[Number.parseInt(number, 10)];
  const [first = 0, second = 0] = args.map(Number);
  switch (call) {
    case undefined:
      return undefined;
    case 'read':
      return { call: 'read', fds: [first] };
    case 'epoll':
      return { call: 'polls', fds: watchedBy(pid, first) };
    case 'poll':
      return { call: 'polls', fds: polled(memory(pid, first, Math.min(second, MOST_FDS) * POLL_BYTES)) };
    case 'select':
      return { call: 'polls', fds: selected(memory(pid, second, Math.ceil(Math.min(first, MOST_FDS) / 8))) };
  }
}

/** What an epoll descriptor watches. */
function watchedBy(pid: number, fd: number): number[] {
  const text = readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1');
  return Array.from(text.matchAll(/^tfd:\s*(\d+)\s+events:\s*([0-9a-f]+)/gm), ([, watched, events]) =>
    Number.parseInt(events ?? '', 16) & READABLE ? Number(watched) : -1,
  );
}

/** A few bytes of a sleeping process: the list of descriptors that it gave to the system. */
function memory(pid: number, address: number, bytes: number): Buffer {
  if (address === 0 || bytes === 0) return Buffer.alloc(0);
  const fd = openSync(`/proc/${pid}/mem`, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.subarray(0, readSync(fd, buffer, 0, bytes, address));
  } finally {
    closeSync(fd);
  }
}

function polled(list: Buffer): number[] {
  const fds: number[] = [];
  for (let at = 0; at + POLL_BYTES <= list.length; at += POLL_BYTES)
    if (list.readInt16LE(at + 4) & READABLE) fds.push(list.readInt32LE(at));
  return fds;
}

function selected(bits: Buffer): number[] {
  const fds: number[] = [];
  for (let fd = 0; fd < bits.length * 8; fd++) if ((bits[fd >> 3] ?? 0) & (1 << (fd & 7))) fds.push(fd);
  return fds;
}
