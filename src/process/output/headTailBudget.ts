import type { BufferPool } from '../streams/bufferPool';
import { HeadTailBuffer } from './headTailBuffer';

/** Kept for snapshots over all processes of a table together, in bytes. */
const TOTAL_BYTES = 32 * 1024 * 1024;
/** How long a closed process can be asked for one, in ms: a little longer than the wire knows it. */
const FINISHED_MS = 90_000;
/** How many of those. */
const MAX_FINISHED = 1024;

/**
 * One bound on the memory for snapshots. Beyond it, those of the process that closed first go first; when
 * only running ones are left, the one that holds most keeps half as much.
 */
export class HeadTailBudget {
  private readonly running = new Set<HeadTailBuffer>();
  /** When each one closed, in that order. */
  private readonly finished = new Map<HeadTailBuffer, number>();
  private bytes = 0;
  private forgetting: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: BufferPool,
    private readonly totalBytes = TOTAL_BYTES,
    private readonly now: () => number = Date.now,
  ) {}

  /** What all of them hold now. */
  get heldBytes(): number {
    return this.bytes;
  }

  /** The ends of a new process. */
  open(): HeadTailBuffer {
    this.forgetOld();
    const ends = new HeadTailBuffer(this.pool, (deltaBytes) => this.changed(deltaBytes));
    this.running.add(ends);
    return ends;
  }

  /** Its process has closed; for a while it can still be asked. */
  finish(ends: HeadTailBuffer): void {
    ends.seal();
    if (this.running.delete(ends) && ends.length > 0) this.finished.set(ends, this.now());
    this.forgetOld();
  }

  private changed(deltaBytes: number): void {
    this.bytes += deltaBytes;
    if (deltaBytes > 0 && this.bytes > this.totalBytes) this.shrink();
  }

  private shrink(): void {
    for (const ends of this.finished.keys()) {
      if (this.bytes <= this.totalBytes) return;
      this.forget(ends);
    }
    while (this.bytes > this.totalBytes) {
      const largest = this.largest();
      if (!largest) return;
      largest.halve();
    }
  }

  private largest(): HeadTailBuffer | undefined {
    let largest: HeadTailBuffer | undefined;
    let most = 0;
    for (const ends of this.running) {
      const { length } = ends;
      if (length <= most) continue;
      largest = ends;
      most = length;
    }
    return largest;
  }

  private forgetOld(): void {
    for (const [ends, since] of this.finished) {
      const ageMs = this.now() - since;
      if (ageMs < FINISHED_MS && this.finished.size <= MAX_FINISHED) {
        this.forgetLater(FINISHED_MS - ageMs);
        return;
      }
      this.forget(ends);
    }
  }

  /** No other process may start or close for hours. */
  private forgetLater(delayMs: number): void {
    this.forgetting ??= setTimeout(() => {
      this.forgetting = undefined;
      this.forgetOld();
    }, delayMs).unref();
  }

  private forget(ends: HeadTailBuffer): void {
    this.finished.delete(ends);
    ends.clear();
  }
}
