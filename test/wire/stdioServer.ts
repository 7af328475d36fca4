/** A server on its own stdin and stdout, and a client of it that behaves like one on a socket. */
import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type WebSocket from 'ws';
import type { Case } from './cases.js';
import { Client } from './client.js';
import { handshake, type Session } from './session.js';
import { launch } from './target.js';

/** What `Client` uses of a WebSocket, over lines. */
class LineSocket extends EventEmitter {
  private held: Buffer[] = [];

  constructor(private readonly child: ChildProcess) {
    super();
    child.stdout?.on('data', (chunk: Buffer) => this.take(chunk));
    child.stdin?.on('error', () => undefined);
    child.once('close', (code) => this.emit('close', code ?? -1));
  }

  send(data: string | Buffer): void {
    this.child.stdin?.write(data);
    this.child.stdin?.write('\n');
  }

  pause(): void {
    this.child.stdout?.pause();
  }

  resume(): void {
    this.child.stdout?.resume();
  }

  terminate(): void {
    this.child.kill('SIGKILL');
  }

  private take(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...this.held, chunk.subarray(start, end)]);
      this.held = [];
      start = end + 1;
      this.emit('message', line, false);
    }
    this.held.push(chunk.subarray(start));
  }
}

export class StdioServer {
  stderr = '';
  readonly client: Client;
  /** The exit status, or -1 after a signal. */
  readonly exit: Promise<number>;

  private constructor(readonly child: ChildProcess) {
    child.stderr?.on('data', (data: Buffer) => (this.stderr += data.toString()));
    this.client = Client.over(new LineSocket(child) as unknown as WebSocket);
    this.exit = once(child, 'exit').then(([code]) => (code as number | null) ?? -1);
  }

  /** @param listen the value of `--listen` */
  static async start(t: Case, listen = 'stdio'): Promise<StdioServer> {
    t.needsLocal();
    const server = new StdioServer(await launch(['--listen', listen], [], t.product));
    t.defer(() => server.client.drop());
    return server;
  }

  static async session(t: Case, listen?: string): Promise<{ server: StdioServer; session: Session }> {
    const server = await StdioServer.start(t, listen);
    return { server, session: await handshake(server.client) };
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Ends its stdin. */
  end(last?: string): void {
    this.child.stdin?.end(last);
  }
}
