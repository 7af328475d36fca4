import { createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { connectTo, type ManagedProcess, type ProcessTable } from '../environment';

const LOOPBACK = '127.0.0.1';
/** More than any browser opens for one page. */
const MAX_SOCKETS = 32;

interface Forward {
  readonly server: Server;
  readonly sockets: Set<Socket>;
}

/** Ports of this machine that lead to those of another one, as long as the command runs that listens there. */
export class Forwards {
  private readonly forwards = new Map<ManagedProcess, Map<number, Promise<Forward>>>();
  private readonly changed = (process: ManagedProcess): void => {
    if (process.closed) this.end(process);
  };

  constructor(private readonly table: ProcessTable) {
    table.on('changed', this.changed);
  }

  dispose(): void {
    this.table.off('changed', this.changed);
    for (const process of [...this.forwards.keys()]) this.end(process);
  }

  /** The port of this machine that leads there, the same number if it is free. Rejects with the system's words. */
  async to(process: ManagedProcess, port: number): Promise<number> {
    const known = this.forwards.get(process) ?? new Map<number, Promise<Forward>>();
    this.forwards.set(process, known);
    const forward = known.get(port) ?? listen(process, port);
    known.set(port, forward);
    try {
      const address = (await forward).server.address();
      if (address !== null && typeof address === 'object') return address.port;
    } catch (error) {
      known.delete(port);
      throw error;
    }
    throw new Error('The command has ended meanwhile.');
  }

  private end(process: ManagedProcess): void {
    const known = this.forwards.get(process)?.values() ?? [];
    this.forwards.delete(process);
    for (const forward of known) void forward.then(close, () => undefined);
  }
}

async function listen(process: ManagedProcess, port: number): Promise<Forward> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    void lead(socket, process, port);
  });
  server.maxConnections = MAX_SOCKETS;
  await listenOn(server, port).catch(() => listenOn(server, 0));
  server.on('error', () => undefined);
  return { server, sockets };
}

/** Whoever connects sees the end of a connection where there is none to the other machine. */
async function lead(socket: Socket, process: ManagedProcess, port: number): Promise<void> {
  socket.on('error', () => undefined);
  try {
    const far = await connectTo(process, port);
    pipeline(socket, far, socket, () => {
      far.destroy();
      socket.destroy();
    });
  } catch {
    socket.destroy();
  }
}

function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close({ server, sockets }: Forward): void {
  server.close();
  for (const socket of sockets) socket.destroy();
}
