import type { OutputLog } from './outputLog';

/** Output retained over all processes together, in bytes. */
export const DEFAULT_TOTAL_RETAINED_BYTES = 64 * 1024 * 1024;

/** How long the log of a removed row still counts, because its client may read it: ms, a little over 80 s. */
const REMOVED_COUNTS_MS = 90_000;

/**
 * One bound on the memory of many logs. Beyond it, output of the process that finished first goes first;
 * when only running ones are left, output of the one that holds most.
 */
export class Retention {
  readonly #running = new Set<OutputLog>();
  /** In the order in which they finished. */
  readonly #finished = new Set<OutputLog>();
  readonly #removed = new Map<OutputLog, number>();
  #retainedBytes = 0;

  constructor(
    private limitBytes: number = DEFAULT_TOTAL_RETAINED_BYTES,
    private readonly now: () => number = Date.now,
  ) {}

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
    this.#forgetOld();
    this.#running.add(log);
  }

  /** No more output will come from this log. */
  finished(log: OutputLog): void {
    if (this.#running.delete(log)) this.#finished.add(log);
  }

  /** Nobody lists this log any more; it is among the first to be emptied, and soon no longer counted. */
  removed(log: OutputLog): void {
    this.#running.delete(log);
    this.#finished.delete(log);
    this.#removed.set(log, this.now());
    this.#forgetOld();
  }

  /** A new bound, in bytes; takes effect at once. */
  setLimit(limitBytes: number): void {
    this.limitBytes = limitBytes;
    this.#shrink();
  }

  #shrink(): void {
    this.#forgetOld();
    for (const log of [...this.#removed.keys(), ...this.#finished]) {
      const excess = this.#retainedBytes - this.limitBytes;
      if (excess <= 0) return;
      log.shrinkTo(Math.max(0, log.retainedBytes - excess));
    }
    while (this.#retainedBytes > this.limitBytes) {
      const largest = this.#largestRunning();
      if (!largest || largest.retainedBytes === 0) return;
      // A sixteenth more than needed, so that a full house is not searched for every chunk.
      const excess = this.#retainedBytes - this.limitBytes;
      largest.shrinkTo(Math.max(0, Math.floor(largest.retainedBytes * (15 / 16)) - excess));
    }
  }

  #largestRunning(): OutputLog | undefined {
    let largest: OutputLog | undefined;
    for (const log of this.#running) {
      if (!largest || log.retainedBytes > largest.retainedBytes) largest = log;
    }
    return largest;
  }

  #forgetOld(): void {
    for (const [log, since] of this.#removed) {
      if (this.now() - since < REMOVED_COUNTS_MS) return;
      this.#removed.delete(log);
      this.#retainedBytes -= log.retainedBytes;
    }
  }
}
