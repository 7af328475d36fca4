/** A process at a server, as a scenario uses it. */
import type { BenchClient } from './client.js';

const PATH = process.env['PATH'] ?? '/usr/bin:/bin';
let lastId = 0;

export interface StartOptions {
  readonly tty?: boolean;
  readonly pipeStdin?: boolean;
  readonly sandbox?: object;
}

export class BenchProcess {
  readonly id = `b${String(++lastId)}`;
  /** Bytes of output so far. */
  bytes = 0;
  /** Small chunks of the output so far. */
  text = '';
  /** Known once it has ended. */
  exitCode: number | undefined;
  /** Resolves at its `closed`. */
  readonly closed: Promise<void>;
  private writes = 0;
  private wake: (() => void) | undefined;

  private constructor(private readonly client: BenchClient) {
    this.closed = new Promise((closed) => {
      client.watch(this.id, {
        closed,
        exited: (exitCode) => (this.exitCode = exitCode),
        output: (bytes, text) => {
          this.bytes += bytes;
          this.text += text;
          this.wake?.();
        },
      });
    });
  }

  /** Resolves when the start has been answered. */
  static async start(client: BenchClient, argv: string[], options: StartOptions = {}): Promise<BenchProcess> {
    const proc = new BenchProcess(client);
    const params = { processId: proc.id, argv, cwd: 'file:///', env: { PATH }, tty: false, ...options };
    await client.call('process/start', params);
    return proc;
  }

  static async run(client: BenchClient, argv: string[], options?: StartOptions): Promise<BenchProcess> {
    const proc = await BenchProcess.start(client, argv, options);
    await proc.closed;
    return proc;
  }

  /** Writes the text and waits until as many bytes have come back. */
  async echo(text: string): Promise<void> {
    const wanted = this.bytes + text.length;
    const chunk = Buffer.from(text).toString('base64');
    const back = this.until(() => this.bytes >= wanted);
    await this.client.call('process/write', {
      processId: this.id,
      chunk,
      writeId: String(++this.writes),
    });
    await back;
  }

  /** Waits until something holds; it is asked again after each output. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = () => {
        if (!holds()) return;
        this.wake = undefined;
        resolve();
      };
    });
  }

  terminate(): Promise<unknown> {
    return this.client.call('process/terminate', { processId: this.id });
  }
}
