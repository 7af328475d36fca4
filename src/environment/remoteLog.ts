import type { RemoteEvent } from '../client';
import { UNKNOWN_EXIT_CODE } from '../process/child';
import { OutputLog } from '../process/outputLog';
import { waitForNews } from '../process/waitForNews';
import type { ExecProcessEvent, ReadResponse } from './execBackend';
import { EventQueue } from './eventQueue';

type Listener = (event: ExecProcessEvent) => void;

/** What is known here about a process elsewhere: the same log as for one here, and perhaps its failure. */
export class RemoteLog {
  private readonly log = new OutputLog();
  private readonly failed = new AbortController();
  private readonly listeners = new Set<Listener>();
  private failure: string | null = null;

  /** Each event once and in order. */
  take(event: RemoteEvent): void {
    switch (event.type) {
      case 'output':
        if (event.chunk.length > 0) this.log.appendOutput(event.stream, event.chunk);
        else this.log.appendDropped(event.seq, 0);
        return;
      case 'exited':
        return this.log.appendExited(event.exitCode);
      case 'closed':
        // Only a server that breaks the protocol closes what has not exited.
        if (!this.log.exited) this.log.appendExited(UNKNOWN_EXIT_CODE);
        return this.log.appendClosed();
      case 'dropped':
        return this.log.appendDropped(event.seq, null);
      case 'failed':
        return this.fail(event.message);
    }
  }

  /** As `ExecProcess.read`. */
  async read(afterSeq: number, maxBytes: number | undefined, waitMs: number): Promise<ReadResponse> {
    const { signal } = this.failed;
    if (!signal.aborted) await waitForNews(this.log, afterSeq, waitMs, signal).catch(() => undefined);
    const { failure } = this;
    const result = this.log.read(afterSeq, maxBytes);
    return { ...result, closed: result.closed || failure !== null, failure };
  }

  /** As `ExecProcess.subscribeWake`. */
  onWake(listener: () => void): () => void {
    const stopFailure = this.onFailure(listener);
    const stopLog = this.log.onWake(listener);
    return () => {
      stopLog();
      stopFailure();
    };
  }

  /** As `ExecProcess.subscribeEvents`. */
  events(): EventQueue {
    return new EventQueue((listener) => this.attach(listener), this.log.droppedBytes);
  }

  private attach(listener: Listener): () => void {
    const stopLog = this.log.attach(listener);
    const { failure } = this;
    if (failure !== null) listener({ type: 'failed', message: failure });
    const stopFailure = this.onFailure(listener);
    return () => {
      stopLog();
      stopFailure();
    };
  }

  private onFailure(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private fail(message: string): void {
    if (this.log.closed) return;
    this.failure = message;
    this.log.abandon();
    this.failed.abort();
    for (const listener of [...this.listeners]) listener({ type: 'failed', message });
    this.listeners.clear();
  }
}
