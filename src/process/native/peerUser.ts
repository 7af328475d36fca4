import { checkedLibc } from './checkedLibc';

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** `struct ucred`: pid, uid and gid, 32 bits each. */
const UCRED_BYTES = 12;

/** Who is at the other end of a Unix socket. */
export interface PeerUser {
  readonly pid: number;
  readonly uid: number;
}

let ask: ((fd: number) => PeerUser | undefined) | undefined;

/**
 * Who connected, as the kernel saw it then. Undefined where the system or its C library does not tell.
 *
 * @param fd of an accepted Unix socket
 */
export function peerUser(fd: number): PeerUser | undefined {
  ask ??= process.platform === 'linux' ? find() : () => undefined;
  return ask(fd);
}

function find(): (fd: number) => PeerUser | undefined {
  const native = checkedLibc();
  const getsockopt =
    'libc' in native &&
    native.libc.find('int getsockopt(int fd, int level, int option, _Out_ void *value, _Inout_ uint *size)');
  if (!getsockopt) return () => undefined;
  return (fd) => {
    const value = Buffer.alloc(UCRED_BYTES);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, value, [UCRED_BYTES]) !== 0) return undefined;
    const { buffer, byteOffset } = value;
    const [pid = 0, uid = 0] = new Int32Array(buffer.slice(byteOffset, byteOffset + UCRED_BYTES));
    return { pid, uid: uid >>> 0 };
  };
}
