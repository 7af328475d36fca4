import { execServer } from '../protocol';
import type { IfLost } from './calls';
import { isObject } from './incoming';

/** What a write was answered (PROTOCOL chapter 8). */
export type RemoteWriteStatus = 'accepted' | 'unknownProcess' | 'stdinClosed' | 'starting';

const STATUSES: readonly unknown[] = [
  'accepted',
  'unknownProcess',
  'stdinClosed',
  'starting',
] satisfies RemoteWriteStatus[];

/** The most that one message carries, in bytes: far below every bound on messages and frames. */
const WRITE_BYTES = 1024 * 1024;

type Call = (method: string, params: unknown, ifLost: IfLost) => Promise<unknown>;

/** The ways to act on a process that an exec-server runs. All reject with a sentence when the server is gone. */
export class RemoteProcess {
  private lastWrite: Promise<unknown> = Promise.resolve();

  constructor(
    readonly processId: string,
    private readonly call: Call,
    private readonly newWriteId: () => string,
  ) {}

  /**
   * Queues bytes behind those of earlier writes; resolves when the server has taken all of them, or with the first
   * other status. A write whose answer is lost goes out again with its id, which servers know: nothing is written twice.
   */
  write(chunk: Uint8Array): Promise<RemoteWriteStatus> {
    // A server may handle requests side by side, so each write waits for the answer to the one before.
    const result = this.lastWrite.then(() => this.writeAll(Buffer.from(chunk)));
    this.lastWrite = result.catch(() => undefined);
    return result;
  }

  /** Ends stdin after what was written. Rejects with the server's -32601 where it can't. */
  closeStdin(): Promise<RemoteWriteStatus> {
    const { name } = execServer.extensions.closeStdin;
    const result = this.lastWrite.then(() => this.call(name, { processId: this.processId }, 'repeat'));
    this.lastWrite = result.catch(() => undefined);
    return result.then(statusOf);
  }

  /** SIGINT to the process group. Rejects when the connection broke and nobody knows whether it was sent. */
  async signal(signal: 'interrupt'): Promise<void> {
    await this.call(execServer.processes.signal.name, { processId: this.processId, signal }, 'fail');
  }

  /** SIGKILL to the process group; true if it had not exited before. */
  async terminate(): Promise<boolean> {
    const { name } = execServer.processes.terminate;
    const result = await this.call(name, { processId: this.processId }, 'repeat');
    return isObject(result) && result['running'] === true;
  }

  /** Rejects with the server's text where there is no terminal, and with -32601 where the server can't. */
  async resize({ rows, cols }: { readonly rows: number; readonly cols: number }): Promise<void> {
    const { name } = execServer.extensions.resize;
    await this.call(name, { processId: this.processId, rows, cols }, 'repeat');
  }

  private async writeAll(bytes: Buffer): Promise<RemoteWriteStatus> {
    let start = 0;
    for (;;) {
      const end = start + WRITE_BYTES;
      const status = await this.writeOne(bytes.subarray(start, end));
      if (status !== 'accepted' || end >= bytes.length) return status;
      start = end;
    }
  }

  private async writeOne(part: Buffer): Promise<RemoteWriteStatus> {
    const params = {
      processId: this.processId,
      chunk: part.toString('base64'),
      writeId: this.newWriteId(),
    };
    return statusOf(await this.call(execServer.processes.write.name, params, 'repeat'));
  }
}

function statusOf(result: unknown): RemoteWriteStatus {
  const status = isObject(result) ? result['status'] : undefined;
  if (STATUSES.includes(status)) return status as RemoteWriteStatus;
  throw new Error('the server’s answer to a write makes no sense');
}
