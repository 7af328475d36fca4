import type { Listening } from '../types';
import { linkOf, readProc, socketInodes } from './procFiles';

/** The state of a listening socket in /proc/net/tcp. */
const LISTEN = '0A';
const MOST_FDS = 4096;

/** Where a connection to a listening socket of this machine leads to it, by its address in /proc/net/tcp and tcp6. */
const LOOPBACK: Readonly<Record<string, readonly string[]>> = {
  '00000000': ['127.0.0.1'],
  '0100007F': ['127.0.0.1'],
  '0000000000000000FFFF00000100007F': ['127.0.0.1'],
  // Many containers have no address of the sixth version, but such sockets.
  '00000000000000000000000000000000': ['::1', '127.0.0.1'],
  '00000000000000000000000001000000': ['::1'],
};

/**
 * The loopback addresses by which one of these processes is reached that listens on `port` in the network of this
 * process. Empty where there is none, or the system does not tell. Never throws.
 */
export function loopbackAddresses(pids: readonly number[], port: number): readonly string[] {
  if (process.platform !== 'linux') return [];
  const network = linkOf('/proc/self/ns/net');
  const found = new Set<string>();
  for (const pid of pids) {
    if (network === '' || linkOf(`/proc/${pid}/ns/net`) !== network) continue;
    const inodes = socketsOf(pid);
    for (const table of inodes.size === 0 ? [] : ['tcp', 'tcp6']) {
      for (const one of parseSockets(readProc(`/proc/${pid}/net/${table}`), inodes)) {
        for (const host of (one.port === port && LOOPBACK[one.address]) || []) found.add(host);
      }
    }
  }
  return [...found];
}

/** The ports that these processes listen on, the lowest first. Empty where the system does not tell. Never throws. */
export function listeningPorts(pids: readonly number[]): readonly Listening[] {
  if (process.platform !== 'linux') return [];
  const found = new Map<number, Listening>();
  for (const pid of pids) {
    const inodes = socketsOf(pid);
    if (!inodes.size) continue;
    // In the network that the process is in, which need not be ours.
    for (const table of ['tcp', 'tcp6']) {
      for (const one of parseSockets(readProc(`/proc/${pid}/net/${table}`), inodes)) {
        const isOpenToOthers = one.isOpenToOthers || found.get(one.port)?.isOpenToOthers === true;
        found.set(one.port, { port: one.port, isOpenToOthers });
      }
    }
  }
  return [...found.values()].sort((a, b) => a.port - b.port);
}

/** Reads /proc/net/tcp or tcp6: the listening sockets among `inodes`. */
export function parseSockets(text: string, inodes: ReadonlySet<string>): (Listening & { address: string })[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    if (state !== LISTEN || !inodes.has(inode)) return [];
    const [address = '', port = ''] = local.split(':');
    // 127.x.x.x, ::1 and ::ffff:127.x.x.x, in the byte order of the machine.
    const isOwn = /^(?:0{16}F{4}0{4}|0{16}0{4}F{4})?[0-9A-F]{6}7F$|^0{24}01000000$/.test(address);
    return [{ address, port: Number.parseInt(port, 16), isOpenToOthers: !isOwn }];
  });
}

function socketsOf(pid: number): Set<string> {
  try {
    return new Set(socketInodes(pid, MOST_FDS));
  } catch {
    // Another user's, or gone.
    return new Set();
  }
}
