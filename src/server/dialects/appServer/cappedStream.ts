import { isUtf8 } from 'node:buffer';

/** One stream of a process: what its client may have of it, and what is kept of that for the end. */
export class CappedStream {
  private readonly kept: Buffer[] = [];
  private room: number;
  private reached = false;

  /**
   * @param capBytes the most that is delivered
   * @param keeps whether the bytes are kept for `text`
   */
  constructor(
    capBytes: number,
    private readonly keeps: boolean,
  ) {
    this.room = capBytes;
  }

  /** Reaching it exactly counts; nothing is delivered afterwards. */
  get capReached(): boolean {
    return this.reached;
  }

  /** The part of the chunk that is to be delivered; undefined after the cap. */
  take(chunk: Buffer): Buffer | undefined {
    if (this.reached) return undefined;
    const part = chunk.subarray(0, this.room);
    this.room -= part.length;
    this.reached = this.room === 0;
    if (this.keeps) this.kept.push(part);
    return part;
  }

  /** What was kept; bytes that are no UTF-8 are taken for Latin-1. */
  text(): string {
    const bytes = Buffer.concat(this.kept);
    return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  }
}
