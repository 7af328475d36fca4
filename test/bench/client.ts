/** The one client for both servers. It does as little as it can, so that what is measured is the server. */
import WebSocket from 'ws';

/** What a process does, as its client sees it. */
export interface Watcher {
  /** So many bytes more; the text of small chunks only. */
  output?(bytes: number, text: string): void;
  exited?(exitCode: number): void;
  closed?(): void;
}

interface Small {
  id?: number;
  method?: string;
  params?: { processId?: string; chunk?: string; exitCode?: number };
  result?: unknown;
  error?: { code: number; message: string };
}

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

const MAX_PAYLOAD_BYTES = 512 << 20;
/** Messages from this size on are looked at from both ends only, not parsed. */
const LARGE_BYTES = 1024;
const EDGE_BYTES = 256;

export class BenchClient {
  private readonly waiting = new Map<number, Waiting>();
  private readonly watchers = new Map<string, Watcher>();
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => (data.length < LARGE_BYTES ? this.small(data) : this.large(data)));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('the connection was closed'));
    });
  }

  /** Opens a connection, with TCP_NODELAY as `ws` always does, and shakes hands. */
  static async open(url: string): Promise<BenchClient> {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: MAX_PAYLOAD_BYTES });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const client = new BenchClient(socket);
    await client.call('initialize', { clientName: 'bench', resumeSessionId: null });
    client.socket.send('{"method":"initialized","params":{}}');
    return client;
  }

  /** The result; rejects for an error and when the connection ends. */
  call(method: string, params: unknown): Promise<unknown> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** Until its `closed`, the process's events go to the watcher. */
  watch(processId: string, watcher: Watcher): void {
    this.watchers.set(processId, watcher);
  }

  /** Resolves as soon as some bytes of anything have come. */
  async someBytes(): Promise<void> {
    const carrier = (this.socket as unknown as { _socket: NodeJS.EventEmitter })._socket;
    await new Promise((resolve) => carrier.once('data', resolve));
  }

  /** Reads nothing more from the socket. */
  stopReading(): void {
    this.socket.pause();
  }

  drop(): void {
    this.socket.terminate();
  }

  private small(data: Buffer): void {
    const { id, method, params, result, error } = JSON.parse(data.toString()) as Small;
    if (method === undefined) this.settle(id, result, error);
    else if (method === 'process/output') {
      const text = Buffer.from(params?.chunk ?? '', 'base64').toString('latin1');
      this.watchers.get(params?.processId ?? '')?.output?.(text.length, text);
    } else if (method === 'process/exited') {
      this.watchers.get(params?.processId ?? '')?.exited?.(params?.exitCode ?? NaN);
    } else if (method === 'process/closed') {
      const processId = params?.processId ?? '';
      const watcher = this.watchers.get(processId);
      this.watchers.delete(processId);
      watcher?.closed?.();
    }
  }

  private large(data: Buffer): void {
    const edges = data.toString('latin1', 0, EDGE_BYTES) + data.toString('latin1', data.length - EDGE_BYTES);
    const processId = /"processId":"([^"]*)"/.exec(edges)?.[1];
    if (processId === undefined) {
      this.settle(Number(/"id":(\d+)/.exec(edges)?.[1]), undefined, undefined);
      return;
    }
    const start = data.indexOf('"chunk":"') + '"chunk":"'.length;
    const end = data.indexOf('"', start);
    const padding = data[end - 2] === 0x3d ? 2 : data[end - 1] === 0x3d ? 1 : 0;
    this.watchers.get(processId)?.output?.(((end - start) / 4) * 3 - padding, '');
  }

  private settle(id: number | undefined, result: unknown, error: Small['error']): void {
    const waiting = this.waiting.get(id ?? NaN);
    this.waiting.delete(id ?? NaN);
    if (error) waiting?.reject(new Error(`${String(error.code)} ${error.message}`));
    else waiting?.resolve(result);
  }
}
