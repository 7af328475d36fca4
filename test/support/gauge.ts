/** Asks the gauge that was loaded into a server, see gauge.cjs. */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Environment that loads the gauge into a program run by Node; it answers at `path`. */
export const gaugeEnv = (path: string): { NODE_OPTIONS: string; GAUGE_SOCKET: string } => ({
  NODE_OPTIONS: `--require ${JSON.stringify(fileURLToPath(new URL('gauge.cjs', import.meta.url)))}`,
  GAUGE_SOCKET: path,
});

export interface Memory {
  /** Of the server. */
  readonly pid: number;
  /** Heap and what hangs on it, after everything that nobody needs has been collected. */
  readonly usedBytes: number;
  /** What the event loop waits for, counted by kind. */
  readonly handles: Readonly<Record<string, number>>;
  /** Open ones. */
  readonly descriptors: number;
}

export class Gauge {
  private constructor(
    private readonly socket: Socket,
    private readonly lines: Interface,
  ) {}

  static async connect(path: string): Promise<Gauge> {
    const socket = createConnection(path);
    await once(socket, 'connect');
    return new Gauge(socket, createInterface({ input: socket }));
  }

  memory(): Promise<Memory> {
    return this.ask('memory') as Promise<Memory>;
  }

  /** By how much the server's event loop was late since the last `reset`, in ms. */
  delay(): Promise<{ p99Ms: number; maxMs: number }> {
    return this.ask('delay') as Promise<{ p99Ms: number; maxMs: number }>;
  }

  reset(): Promise<unknown> {
    return this.ask('reset');
  }

  /** What a bench in the editor has measured so many times. Rejects when it could not. */
  samples(of: string, count: number): Promise<Record<string, number[]>> {
    return this.ask(`${of} ${count}`) as Promise<Record<string, number[]>>;
  }

  close(): void {
    this.socket.destroy();
  }

  private async ask(word: string): Promise<unknown> {
    const line = once(this.lines, 'line');
    this.socket.write(`${word}\n`);
    const [text] = (await line) as [string];
    const value = JSON.parse(text) as { error?: string };
    if (value.error !== undefined) throw new Error(`${word}: ${value.error}`);
    return value;
  }
}
