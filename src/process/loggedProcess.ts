import { longPoll } from './output/longPoll';
import type { StreamSnapshot } from './output/headTailBuffer';
import type { OutputLog } from './output/outputLog';
import type { OutputStream, ReadResult } from './types';

/** What there is to read of a process: its output log, for those who ask. */
export class LoggedProcess {
  constructor(protected readonly log: OutputLog) {}

  /** All output ever, in bytes. */
  get totalBytes(): number {
    return this.log.totalBytes;
  }

  /** Output that is gone, in bytes. */
  get droppedBytes(): number {
    return this.log.droppedBytes;
  }

  /** Output that `subscribe` does not repeat, because it is gone or in a file. */
  get pastBytes(): number {
    return this.log.totalBytes - this.log.retainedBytes;
  }

  /** What `subscribe` repeats begins after it. */
  get memoryCursor(): number {
    return this.log.memoryCursor;
  }

  /** Why older output is not kept in a file any more, in words; undefined while all is well. */
  get spillProblem(): string | undefined {
    return this.log.spillProblem;
  }

  /** Ended, and all its streams as well: nothing changes any more. */
  get closed(): boolean {
    return this.log.closed;
  }

  /**
   * Output after `afterSeq` that is in memory or in a file, waiting up to `waitMs` for news (docs/protocol/read.md#waiting).
   * Rejects with the signal's reason when that is aborted.
   */
  async read(
    options: { afterSeq?: number; maxBytes?: number; waitMs?: number; signal?: AbortSignal } = {},
  ): Promise<ReadResult> {
    const { afterSeq = 0, maxBytes, waitMs = 0, signal } = options;
    await longPoll(this.log, afterSeq, waitMs, signal);
    return this.log.readAll(afterSeq, maxBytes);
  }

  /**
   * The beginning and the end of one stream, whatever is retained for `read`.
   *
   * @throws Error for a process that runs elsewhere: its own host keeps them
   */
  snapshot(stream: OutputStream): StreamSnapshot {
    return this.log.snapshot(stream);
  }

  /** Calls `listener` after every event; returns the way to stop. */
  subscribeWake(listener: () => void): () => void {
    return this.log.onWake(listener);
  }
}
