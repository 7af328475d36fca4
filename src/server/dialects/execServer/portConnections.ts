import { connect, type Socket } from 'node:net';
import { invalidRequest, type execServer } from '../../../protocol';

const MAX_CONNECTIONS = 64;
const MAX_ID_BYTES = 32;
const MAX_WRITE_BYTES = 1024 * 1024;
/** How long a port of this machine may take to answer, in ms. */
const CONNECT_MS = 5000;

interface Open {
  /** Settles when it is connected; an id counts from the moment it is asked for. */
  readonly socket: Promise<Socket>;
  isRead: boolean;
}

/** The connections to ports of processes that one client holds open under ids of its own choice. */
export class PortConnections {
  private readonly connections = new Map<string, Open>();
  private readonly over = new AbortController();

  /**
   * Rejects with RpcError -32600 where the id is no good or nothing answers.
   *
   * @param hosts tried one after the other; at least one
   */
  async open(connectionId: string, hosts: readonly string[], port: number): Promise<void> {
    if (Buffer.byteLength(connectionId) > MAX_ID_BYTES)
      throw invalidRequest(`connectionId must not exceed ${MAX_ID_BYTES} bytes`);
    if (this.connections.has(connectionId))
      throw invalidRequest(`connection \`${connectionId}\` already exists`);
    if (this.connections.size >= MAX_CONNECTIONS)
      throw invalidRequest(`at most ${MAX_CONNECTIONS} connections to ports may be open: close one first`);
    const open: Open = { socket: this.connect(hosts, port), isRead: false };
    this.connections.set(connectionId, open);
    try {
      await open.socket;
    } catch (error) {
      this.forget(connectionId, open);
      throw error;
    }
  }

  /** What has come; waits for it until `signal` is aborted. What the peer sends meanwhile stays with the system. */
  async read(connectionId: string, signal: AbortSignal): Promise<execServer.ports.ReadResult> {
    const open = this.find(connectionId);
    if (open.isRead) throw invalidRequest(`connection \`${connectionId}\` is being read already`);
    open.isRead = true;
    try {
      const chunk = await nextOf(await open.socket, signal);
      if (chunk) return { chunk: chunk.toString('base64'), ended: false };
      this.close(connectionId);
      return { chunk: '', ended: true };
    } finally {
      open.isRead = false;
    }
  }

  /** Resolves when the system has taken all of it. */
  async write(connectionId: string, chunk: Uint8Array): Promise<void> {
    if (chunk.length > MAX_WRITE_BYTES)
      throw invalidRequest(`chunk has ${chunk.length} bytes; the limit is ${MAX_WRITE_BYTES}`);
    const socket = await this.find(connectionId).socket;
    await new Promise<void>((resolve, reject) => {
      socket.write(chunk, (error) => {
        if (error) reject(invalidRequest(`connection \`${connectionId}\` has ended: ${error.message}`));
        else resolve();
      });
    });
  }

  close(connectionId: string): void {
    const open = this.connections.get(connectionId);
    if (open) this.forget(connectionId, open);
  }

  /** Ends all of them; nothing can be opened any more. */
  [Symbol.dispose](): void {
    this.over.abort();
    for (const connectionId of [...this.connections.keys()]) this.close(connectionId);
  }

  private find(connectionId: string): Open {
    const open = this.connections.get(connectionId);
    if (!open) throw invalidRequest(`unknown connection \`${connectionId}\``);
    return open;
  }

  private forget(connectionId: string, open: Open): void {
    if (this.connections.get(connectionId) === open) this.connections.delete(connectionId);
    open.socket.then(
      (socket) => socket.destroy(),
      () => undefined,
    );
  }

  private async connect(hosts: readonly string[], port: number): Promise<Socket> {
    let refused = '';
    for (const host of hosts) {
      try {
        return await connected(host, port, this.over.signal);
      } catch (error) {
        refused = (error as Error).message;
      }
    }
    throw invalidRequest(`nothing answers on port ${port}: ${refused}`);
  }
}

function connected(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error(`no answer within ${CONNECT_MS / 1000} s`)));
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
    // Later ones show by its end.
    socket.on('error', reject);
  });
}

/** Undefined at the end, and where it has broken. */
async function nextOf(socket: Socket, signal: AbortSignal): Promise<Buffer | undefined> {
  for (;;) {
    const chunk = socket.read() as Buffer | null;
    if (chunk) return chunk;
    if (socket.readableEnded || socket.destroyed || signal.aborted) return undefined;
    await new Promise<void>((resolve) => {
      const events = ['readable', 'end', 'close'] as const;
      const settle = (): void => {
        for (const event of events) socket.off(event, settle);
        signal.removeEventListener('abort', settle);
        resolve();
      };
      for (const event of events) socket.on(event, settle);
      signal.addEventListener('abort', settle);
    });
  }
}
