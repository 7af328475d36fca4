/** A server on its own stdin and stdout, and a client of it that behaves like one on a socket. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Case } from './cases.js';
import type { Client } from './client.js';
import { overLines } from './lineSocket.js';
import { handshake, type Session } from './session.js';
import { launch } from './target.js';

export class StdioServer {
  stderr = '';
  readonly client: Client;
  /** The exit status, or -1 after a signal. */
  readonly exit: Promise<number>;

  private constructor(readonly child: ChildProcess) {
    child.stderr?.on('data', (data: Buffer) => (this.stderr += data.toString()));
    this.client = overLines(child.stdout!, child.stdin!, () => child.kill('SIGKILL'));
    this.exit = once(child, 'exit').then(([code]) => (code as number | null) ?? -1);
  }

  /** @param listen the value of `--listen` */
  static async start(t: Case, listen = 'stdio'): Promise<StdioServer> {
    t.needsLocal();
    const server = new StdioServer(await launch(['--listen', listen], undefined, t.product));
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
