import WebSocket from 'ws';

/** A client as small as can be: what an agent does over the printed URL. */
export class WireClient {
  readonly notifications: { method: string; params: Record<string, unknown> }[] = [];
  readonly closed: Promise<number>;
  private readonly waiting = new Map<
    number,
    { resolve: (value: never) => void; reject: (error: Error) => void }
  >();
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as {
        id?: number;
        method: string;
        params: Record<string, unknown>;
        result: never;
        error?: { message: string };
      };
      if (message.id === undefined) return void this.notifications.push(message);
      const { resolve, reject } = this.waiting.get(message.id) ?? {};
      if (message.error) reject?.(new Error(message.error.message));
      else resolve?.(message.result);
    });
  }

  /**
   * Rejects with the status of a refusal.
   * @param introduction the params of `initialize`
   */
  static async connect(
    url: string,
    introduction: object = { clientName: 'codex-environment', resumeSessionId: null },
  ): Promise<WireClient> {
    const socket = new WebSocket(url);
    const client = new WireClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve).once('error', reject);
    });
    await client.request('initialize', introduction);
    socket.send(JSON.stringify({ method: 'initialized' }));
    return client;
  }

  request<T = Record<string, unknown>>(method: string, params: object): Promise<T> {
    const id = ++this.lastId;
    this.socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  start(processId: string, script: string, more: object = {}): Promise<unknown> {
    return this.request('process/start', {
      processId,
      argv: ['/bin/bash', '-lc', script],
      cwd: 'file:///tmp',
      env: { PATH: process.env['PATH'] ?? '' },
      tty: false,
      arg0: null,
      ...more,
    });
  }

  close(): void {
    this.socket.close();
  }
}
