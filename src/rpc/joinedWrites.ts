import type { Writable } from 'node:stream';

/**
 * Lets what is written in one turn of the event loop leave together: a system call is most of a short message's cost.
 * The first goes when the present callback is through; those of the callbacks behind it go at the end of the turn.
 */
export class JoinedWrites {
  private holding = false;
  /** Something has gone in this turn. */
  private hasGone = false;

  constructor(private readonly stream: Writable) {}

  /** To be called before each write that may wait for others. */
  hold(): void {
    if (this.holding) return;
    this.holding = true;
    this.stream.cork();
    if (this.hasGone) return;
    this.hasGone = true;
    process.nextTick(() => this.release());
    setImmediate(() => {
      this.hasGone = false;
      this.release();
    });
  }

  private release(): void {
    if (!this.holding) return;
    this.holding = false;
    this.stream.uncork();
  }
}
