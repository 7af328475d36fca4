import type { OutputLog } from './outputLog';

/** Output retained over all processes together, in bytes. */
export const DEFAULT_TOTAL_RETAINED_BYTES = 64 * 1024 * 1024;

/** A log that nobody lists any more, but that its client or a terminal may still read. */
interface Removed {
  /** Only they keep it in memory. */
  readonly log: WeakRef<OutputLog>;
  /** What it counts for. */
  bytes: number;
}

/**
 * One bound on the memory of many logs. Beyond it, output of the process that finished first goes first;
 * when only running ones are left, output of the one that holds most.
 */
export class Retention {
  readonly #running = new Set<OutputLog>();
  /** In the order in which they finished. */
  readonly #finished = new Set<OutputLog>();
  readonly #removed = new Set<Removed>();
  readonly #collected = new FinalizationRegistry<Removed>((removed) => this.#forget(removed));
  #retainedBytes = 0;

  constructor(private limitBytes: number = DEFAULT_TOTAL_RETAINED_BYTES) {}

  /** What all logs hold now. */
  get retainedBytes(): number {
    return this.#retainedBytes;
  }

  /** To be called by every log with each change. */
  readonly retained = (deltaBytes: number): void => {
    this.#retainedBytes += deltaBytes;
    if (deltaBytes > 0 && this.#retainedBytes > this.limitBytes) this.#shrink();
  };

  add(log: OutputLog): void {
    this.#running.add(log);
  }

  /** No more output will come from this log. */
  finished(log: OutputLog): void {
    if (this.#running.delete(log)) this.#finished.add(log);
  }

  /** Nobody lists this log any more; it is among the first to be emptied, and counts while somebody holds it. */
  removed(log: OutputLog): void {
    this.#running.delete(log);
    this.#finished.delete(log);
    const bytes = log.retainedBytes;
    if (bytes === 0) return;
    const removed = { log: new WeakRef(log), bytes };
    this.#removed.add(removed);
    this.#collected.register(log, removed);
  }

  /** A new bound, in bytes; takes effect at once. */
  setLimit(limitBytes: number): void {
    this.limitBytes = limitBytes;
    this.#shrink();
  }

  #shrink(): void {
    for (const removed of this.#removed) {
      if (this.#excess <= 0) return;
      const log = removed.log.deref();
      if (log) removed.bytes = this.#shrinkBy(log, this.#excess);
      if (!log || removed.bytes === 0) this.#forget(removed);
    }
    for (const log of this.#finished) {
      if (this.#excess <= 0) return;
      this.#shrinkBy(log, this.#excess);
    }
    while (this.#excess > 0) {
      const largest = this.#largestRunning();
      if (!largest || largest.retainedBytes === 0) return;
      // A sixteenth more than needed, so that a full house is not searched for every chunk.
      this.#shrinkBy(largest, this.#excess + Math.ceil(largest.retainedBytes / 16));
    }
  }

  get #excess(): number {
    return this.#retainedBytes - this.limitBytes;
  }

  /** Answers what is left in it. */
  #shrinkBy(log: OutputLog, bytes: number): number {
    log.shrinkTo(Math.max(0, log.retainedBytes - bytes));
    return log.retainedBytes;
  }

  #largestRunning(): OutputLog | undefined {
    let largest: OutputLog | undefined;
    for (const log of this.#running) {
      if (!largest || log.retainedBytes > largest.retainedBytes) largest = log;
    }
    return largest;
  }

  #forget(removed: Removed): void {
    if (this.#removed.delete(removed)) this.#retainedBytes -= removed.bytes;
  }
}
