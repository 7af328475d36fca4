import { MemoryShare, type Memory } from './memory';

interface Waiting {
  readonly bytes: number;
  readonly enter: () => void;
  readonly fail: (error: unknown) => void;
}

/** Milliseconds that a reply waits for memory that others hold; some of them may never read theirs. */
const PATIENCE_MS = 30_000;

/**
 * Keeps large replies from being made faster than the peer reads them: without it every request that runs could hold
 * one in memory at once. A reply that is larger than the limit is made alone.
 */
export class ReplyBudget {
  private reserved = 0;
  private waiting: Waiting[] = [];
  private readonly share: MemoryShare;
  private readonly leave: () => void;
  private late: NodeJS.Timeout | undefined;

  /**
   * @param unsentBytes what has been sent and has not left yet
   * @param limitBytes of that and of what is being made; `pump` must be called whenever the former has changed
   * @param memory counts both
   * @param patienceMs that a reply waits for that memory
   */
  constructor(
    private readonly unsentBytes: () => number,
    private readonly limitBytes: number,
    private readonly memory: Memory,
    private readonly patienceMs = PATIENCE_MS,
  ) {
    this.share = new MemoryShare(memory);
    this.leave = memory.onRoom(() => this.pump());
  }

  /** Resolves when a reply of so many bytes may be made. They count until they are given back. */
  reserve(bytes: number): Promise<void> {
    return new Promise((enter, fail) => {
      this.waiting.push({ bytes, enter, fail });
      this.pump();
    });
  }

  /** The reply has been sent, or there is none. */
  release(bytes: number): void {
    this.reserved -= bytes;
    this.pump();
  }

  /** Lets in whom there is room for now, in the order in which they came. */
  pump(): void {
    this.share.set(this.reserved + this.unsentBytes());
    let error: unknown;
    for (let first = this.waiting[0]; first && this.fits(first.bytes); first = this.waiting[0]) {
      error = this.take(first.bytes);
      if (error) break;
      this.waiting.shift();
      first.enter();
    }
    this.setLimit(error);
  }

  /** Nobody waits any more, and nobody is let in. */
  clear(): void {
    this.waiting = [];
    this.setLimit(undefined);
    this.leave();
    this.share[Symbol.dispose]();
  }

  /** The memory's error where it has no room. */
  private take(bytes: number): unknown {
    try {
      this.share.add(bytes);
    } catch (error) {
      return error;
    }
    this.reserved += bytes;
    return undefined;
  }

  /** Who waits for memory that others hold is told so in the end. */
  private setLimit(error: unknown): void {
    if (error === undefined) {
      clearTimeout(this.late);
      this.late = undefined;
    } else {
      this.late ??= setTimeout(() => {
        this.late = undefined;
        this.waiting.shift()?.fail(error);
        this.pump();
      }, this.patienceMs);
    }
  }

  private fits(bytes: number): boolean {
    const unsent = this.unsentBytes();
    return this.reserved === 0 ? unsent < this.limitBytes : unsent + this.reserved + bytes <= this.limitBytes;
  }
}
