import { isUtf8 } from 'node:buffer';
import type { BodyStore } from '../../../http';

/** What is kept for the end: counted, and given back when the end was told. */
export interface Kept {
  readonly store: BodyStore;
  /** Counts so many bytes; throws where there is no room for them. */
  readonly add: (bytes: number) => void;
}

/** One stream of a process: what its client may have of it, and what is kept of that for the end. */
export class CappedStream {
  private room: number;
  private reached = false;

  /**
   * @param capBytes the most that is delivered
   * @param kept where the bytes are kept for `text`, at most `capBytes` of them; absent where they are not
   */
  constructor(
    capBytes: number,
    private readonly kept?: Kept,
  ) {
    this.room = capBytes;
  }

  /** Reaching it exactly counts, and so does the end of the memory for what is kept; nothing is delivered afterwards. */
  get capReached(): boolean {
    return this.reached;
  }

  /** The part of the chunk that is to be delivered; undefined after the cap. */
  take(chunk: Buffer): Buffer | undefined {
    if (this.reached) return undefined;
    const part = chunk.subarray(0, this.room);
    if (!this.keep(part)) {
      this.reached = true;
      return undefined;
    }
    this.room -= part.length;
    this.reached = this.room === 0;
    return part;
  }

  /** What was kept; bytes that are no UTF-8 are taken for Latin-1. */
  text(): string {
    const bytes = this.kept?.store.whole() ?? Buffer.alloc(0);
    return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  }

  private keep(part: Buffer): boolean {
    if (!this.kept) return true;
    try {
      this.kept.add(part.length);
    } catch {
      return false;
    }
    this.kept.store.append(part);
    return true;
  }
}
