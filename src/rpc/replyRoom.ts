interface Waiting {
  readonly bytes: number;
  readonly enter: () => void;
}

/**
 * Keeps large replies from being made faster than the peer reads them: without it every request that runs could hold
 * one in memory at once. A reply that is larger than the limit is made alone.
 */
export class ReplyRoom {
  private reserved = 0;
  private waiting: Waiting[] = [];

  /**
   * @param unsentBytes what has been sent and has not left yet
   * @param limitBytes of that and of what is being made; `pump` must be called when there is less of the former
   */
  constructor(
    private readonly unsentBytes: () => number,
    private readonly limitBytes: number,
  ) {}

  /** Resolves when a reply of so many bytes may be made. They count until they are given back. */
  async take(bytes: number): Promise<void> {
    if (this.waiting.length > 0 || !this.fits(bytes)) {
      await new Promise<void>((enter) => this.waiting.push({ bytes, enter }));
    } else this.reserved += bytes;
  }

  /** The reply has been sent, or there is none. */
  give(bytes: number): void {
    this.reserved -= bytes;
    this.pump();
  }

  /** Lets in whom there is room for now, in the order in which they came. */
  pump(): void {
    for (let first = this.waiting[0]; first && this.fits(first.bytes); first = this.waiting[0]) {
      this.waiting.shift();
      this.reserved += first.bytes;
      first.enter();
    }
  }

  /** Nobody waits any more, and nobody is let in. */
  clear(): void {
    this.waiting = [];
  }

  private fits(bytes: number): boolean {
    const unsent = this.unsentBytes();
    return this.reserved === 0 ? unsent < this.limitBytes : unsent + this.reserved + bytes <= this.limitBytes;
  }
}
