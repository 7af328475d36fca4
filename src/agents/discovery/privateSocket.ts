import { createServer, type Socket } from 'node:net';
import { isInside, peerUser } from '../../environment';
import { messageOf } from '../../values';
import { firstLine, parseHello, type HelloAnswer } from './hello';
import { makeOwn } from './identity';
import { newSocketAddress, removeSocket } from './socketAddress';

/**
 * Takes a connection over, byte for byte from its second line on; paused, and open in one direction when the other
 * has ended. Writes nothing in the turn in which it is called, and may throw a sentence for who has connected.
 *
 * @param peer who it is, for logs
 */
export type SocketDoor = (socket: Socket, peer: string) => void;

export interface PrivateSocketOptions {
  /** Private to this person; made where it is not there. */
  readonly folder: string;
  /** By the name that a first line asks for. */
  readonly doors: Readonly<Record<string, SocketDoor>>;
  /** What went wrong with who. */
  readonly refused: (message: string) => void;
}

/** A socket that only programs of this person can reach, so that no secret is asked for. */
export interface PrivateSocket {
  readonly address: string;
  /** Takes nobody else and drops who is there. */
  close(): Promise<void>;
  /** Removes what is on disk, in this turn. */
  removeNow(): void;
}

const HELLO_MS = 5000;
/** For so long who was refused may go on writing, unheard. */
const REFUSED_MS = 1000;
/** At once, over all doors. */
const MAX_SOCKETS = 256;
/** Those that have not come through a door: the oldest makes room for a new one. Many may come within one turn. */
const MAX_WAITING = 256;

/** Rejects when it cannot listen. */
export async function listenPrivately({
  folder,
  doors,
  refused,
}: PrivateSocketOptions): Promise<PrivateSocket> {
  makeOwn(folder);
  const address = newSocketAddress(folder);
  const open = new Set<Socket>();
  const waiting = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    waiting.add(socket);
    socket.on('close', () => {
      open.delete(socket);
      waiting.delete(socket);
    });
    socket.on('error', () => socket.destroy());
    const [oldest] = waiting;
    // Else programs that say nothing would keep out those that do, and use up the descriptors.
    if (waiting.size > MAX_WAITING) oldest?.destroy();
    const fault = () =>
      open.size - waiting.size >= MAX_SOCKETS
        ? `${MAX_SOCKETS} programs are connected already.`
        : stranger(socket);
    const entered = (): unknown => waiting.delete(socket);
    void greet(socket, doors, fault).then(entered, (error: unknown) => {
      // It has gone, or made room.
      if (socket.destroyed) return;
      const why = messageOf(error);
      refused(`a program on the private socket was refused: ${why}`);
      answer(socket, { error: why });
      socket.end();
      // Whoever is still writing would not read the answer if its writing failed.
      socket.resume();
      const timer = setTimeout(() => socket.destroy(), REFUSED_MS);
      socket.once('close', () => clearTimeout(timer)).once('end', () => socket.destroySoon());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: address, exclusive: true }, resolve);
  });
  return {
    address,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
      removeSocket(address);
    },
    removeNow: () => removeSocket(address),
  };
}

async function greet(
  socket: Socket,
  doors: PrivateSocketOptions['doors'],
  faultOf: () => string | undefined,
): Promise<void> {
  const line = await firstLine(socket, HELLO_MS);
  const fault = faultOf();
  if (fault !== undefined) throw new Error(fault);
  const hello = parseHello(line);
  if (!hello) throw new Error('The first line must be JSON with the member "door".');
  const door = Object.hasOwn(doors, hello.door) ? doors[hello.door] : undefined;
  if (!door)
    throw new Error(`There is no door "${hello.door}"; there are: ${Object.keys(doors).join(', ')}.`);
  door(socket, `private ${pidOf(socket)}`);
  answer(socket, { ok: true });
}

function answer(socket: Socket, what: HelloAnswer): void {
  socket.write(`${JSON.stringify(what)}\n`);
}

/** Where the system does not tell who connected, the folder keeps others out. */
function stranger(socket: Socket): string | undefined {
  const peer = peerOf(socket);
  if (!peer) return undefined;
  if (peer.uid !== process.getuid?.()) return 'It belongs to another user.';
  return isInside(peer.pid) ? 'It runs in a sandbox, which it could leave here.' : undefined;
}

function pidOf(socket: Socket): string {
  return String(peerOf(socket)?.pid ?? 'socket');
}

function peerOf(socket: Socket): ReturnType<typeof peerUser> {
  // Node has no public way to a socket's descriptor.
  const fd = (socket as { _handle?: { fd?: number } | null })._handle?.fd ?? -1;
  return fd < 0 ? undefined : peerUser(fd);
}
