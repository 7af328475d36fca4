import type { Duplex } from 'node:stream';
import type { Look, TerminalSize, WriteStatus } from '../model';
import { execServer } from '../protocol';
import { WRITE_PART_BYTES } from './bounds';
import { readLook } from './look';
import type { OnDisconnect } from './pendingRequests';
import { PortStream } from './portStream';
import { isObject } from '../values';

const STATUSES: readonly unknown[] = [
  'accepted',
  'unknownProcess',
  'stdinClosed',
  'starting',
] satisfies WriteStatus[];

/** What a process needs of its client. */
export interface ProcessHost {
  call(method: string, params: unknown, ifLost: OnDisconnect): Promise<unknown>;
  newWriteId(): string;
  newConnectionId(): string;
  holdBack(process: object, held: boolean): void;
}

/** The ways to act on a process that an exec-server runs. All reject with a sentence when the server is gone. */
export class RemoteProcess {
  private lastWrite: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(
    /** The id that it was started with. */
    readonly processId: string,
    /** Its number there; null where the server does not tell. */
    readonly pid: number | null,
    private readonly host: ProcessHost,
  ) {}

  /**
   * Queues bytes behind those of earlier writes; resolves when the server has taken all of them, or with the first
   * other status. A write whose answer is lost goes out again with its id, which servers know: nothing is written twice.
   */
  write(chunk: Uint8Array): Promise<WriteStatus> {
    // Now: the caller may use its memory again while this write waits for its turn.
    const bytes = Buffer.from(chunk);
    // A server may handle requests side by side, so each write waits for the answer to the one before.
    const result = this.lastWrite.then(() => this.writeAll(bytes));
    this.lastWrite = result.catch(() => undefined);
    return result;
  }

  /** Ends stdin after what was written. Rejects with the server's -32601 where it can't. */
  closeStdin(): Promise<WriteStatus> {
    const { name } = execServer.extensions.closeStdin;
    const result = this.lastWrite.then(() => this.host.call(name, { processId: this.processId }, 'repeat'));
    this.lastWrite = result.catch(() => undefined);
    return result.then(statusOf);
  }

  /** SIGINT to the process group. Rejects when the connection broke and nobody knows whether it was sent. */
  async signal(signal: 'interrupt'): Promise<void> {
    await this.host.call(execServer.processes.signal.name, { processId: this.processId, signal }, 'fail');
  }

  /**
   * A signal to one of its members, or to all of them; false if nobody got it. Only for a server that can
   * `processSendSignal`, which refuses those of a stop; rejects as `signal` does.
   */
  async sendSignal(signal: NodeJS.Signals, pid?: number): Promise<boolean> {
    const { name } = execServer.extensions.sendSignal;
    const params = { processId: this.processId, signal, ...(pid === undefined ? {} : { pid }) };
    const result = await this.host.call(name, params, 'fail');
    return isObject(result) && result['sent'] === true;
  }

  /**
   * SIGKILL to the process group; true if it had not exited before.
   *
   * @param stop what only a server that can `processGraceful` heeds: SIGTERM first and SIGKILL after `graceMs`, and
   * that `descendants` which hold the streams of a process that has exited are to end too
   */
  async terminate(stop: { graceMs?: number | undefined; descendants?: boolean } = {}): Promise<boolean> {
    const { name } = execServer.processes.terminate;
    const { graceMs, descendants } = stop;
    const params = {
      processId: this.processId,
      ...(graceMs === undefined ? {} : { mode: { graceful: { timeoutMs: graceMs } } }),
      ...(descendants ? { descendants } : {}),
    };
    const result = await this.host.call(name, params, 'repeat');
    return isObject(result) && result['running'] === true;
  }

  /** It and all that came of it, as far as it lives. Rejects with -32601 where the server can’t tell. */
  async look(ports: boolean): Promise<Look> {
    const { name } = execServer.extensions.members;
    return readLook(await this.host.call(name, { processId: this.processId, ports }, 'repeat'));
  }

  /**
   * A connection to a port there on which it listens, or what came of it. Only for a server that can `processPorts`;
   * rejects with its words.
   */
  async connect(port: number): Promise<Duplex> {
    const connectionId = this.host.newConnectionId();
    const { name } = execServer.ports.open;
    await this.host.call(name, { processId: this.processId, connectionId, port }, 'fail');
    return new PortStream((...call) => this.host.call(...call), connectionId);
  }

  /** Rejects with the server's text where there is no terminal, and with -32601 where the server can't. */
  async resize({ rows, cols }: TerminalSize): Promise<void> {
    const { name } = execServer.extensions.resize;
    await this.host.call(name, { processId: this.processId, rows, cols }, 'repeat');
  }

  /**
   * While it is held back nothing is read from the server, so that it stops reading from its children and nothing is
   * lost. Answers wait too, those for other processes included, so this is for moments.
   */
  holdBack(held: boolean): void {
    this.host.holdBack(this, held);
  }

  private async writeAll(bytes: Buffer): Promise<WriteStatus> {
    let start = 0;
    for (;;) {
      const end = start + WRITE_PART_BYTES;
      const status = await this.writeOne(bytes.subarray(start, end));
      if (status !== 'accepted' || end >= bytes.length) return status;
      start = end;
    }
  }

  private async writeOne(part: Buffer): Promise<WriteStatus> {
    const params = {
      processId: this.processId,
      chunk: part.toString('base64'),
      writeId: this.host.newWriteId(),
    };
    return statusOf(await this.host.call(execServer.processes.write.name, params, 'repeat'));
  }
}

function statusOf(result: unknown): WriteStatus {
  const status = isObject(result) ? result['status'] : undefined;
  if (STATUSES.includes(status)) return status as WriteStatus;
  throw new Error('the server’s answer to a write makes no sense');
}
