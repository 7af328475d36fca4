import type { RemoteProcess } from '../client';
import type { TerminalSize } from '../process/types';
import type { ExecProcess, ReadResponse, WriteResponse } from './execBackend';
import type { EventQueue } from './eventQueue';
import type { RemoteLog } from './remoteLog';

/** A process of an exec-server behind the interface of all environments. Reads are answered from here. */
export class RemoteExecProcess implements ExecProcess {
  constructor(
    private readonly remote: RemoteProcess,
    private readonly log: RemoteLog,
  ) {}

  get processId(): string {
    return this.remote.processId;
  }

  read(afterSeq = 0, maxBytes?: number, waitMs = 0): Promise<ReadResponse> {
    return this.log.read(afterSeq, maxBytes, waitMs);
  }

  async write(chunk: Uint8Array): Promise<WriteResponse> {
    return { status: await this.remote.write(chunk) };
  }

  async closeStdin(): Promise<WriteResponse> {
    return { status: await this.remote.closeStdin() };
  }

  signal(signal: 'interrupt'): Promise<void> {
    return this.remote.signal(signal);
  }

  async terminate(): Promise<void> {
    await this.remote.terminate();
  }

  resize(size: TerminalSize): Promise<void> {
    return this.remote.resize(size);
  }

  subscribeWake(listener: () => void): () => void {
    return this.log.onWake(listener);
  }

  subscribeEvents(): EventQueue {
    return this.log.events();
  }

  /** Where the server is gone there is nothing left to end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { closed, failure } = await this.log.read(Number.MAX_SAFE_INTEGER, 0, 0);
    if (!closed && failure === null) await this.terminate();
  }
}
