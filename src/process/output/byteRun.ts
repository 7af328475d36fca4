import type { BufferPool } from '../streams/bufferPool';

/** Chunks below it are copied together, because each piece costs more than its bytes. */
const SMALL_BYTES = 2048;
const BLOCK_BYTES = 8192;

/** A run of bytes that grows at its end and can be cut at both. Large chunks are kept without a copy. */
export class ByteRun {
  readonly #sealed: Buffer[] = [];
  /** Where small chunks are collected, and how much of it is filled and still wanted. */
  #block: Buffer | undefined;
  #from = 0;
  #to = 0;
  #length = 0;

  constructor(private readonly pool: BufferPool) {}

  get length(): number {
    return this.#length;
  }

  /** Takes over `chunk`, which must not change afterwards. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#length += chunk.length;
    if (chunk.length >= SMALL_BYTES) {
      this.seal();
      this.pool.retain(chunk);
      this.#sealed.push(chunk);
      return;
    }
    if (this.#block && this.#to + chunk.length > BLOCK_BYTES) this.seal();
    this.#block ??= Buffer.allocUnsafe(BLOCK_BYTES);
    this.#to += chunk.copy(this.#block, this.#to);
  }

  /** Removes so many bytes, at most all, from the front. */
  dropFront(bytes: number): void {
    if (bytes <= 0) return;
    let left = Math.min(bytes, this.#length);
    this.#length -= left;
    let first = this.#sealed[0];
    while (first && left >= first.length) {
      left -= first.length;
      this.#sealed.shift();
      this.pool.release(first);
      first = this.#sealed[0];
    }
    if (first) this.#sealed[0] = first.subarray(left);
    else this.#from += left;
    if (this.#length === 0) this.seal();
  }

  /** Removes everything behind the first `length` bytes. */
  truncate(length: number): void {
    if (length >= this.#length) return;
    const kept = this.toBuffer().subarray(0, length);
    this.dropFront(this.#length);
    // A copy, so that what is cut off is not held.
    this.push(Buffer.from(kept));
  }

  toBuffer(): Buffer {
    return Buffer.concat([...this.#sealed, ...this.#open()]);
  }

  #open(): Buffer[] {
    return this.#block ? [this.#block.subarray(this.#from, this.#to)] : [];
  }

  /** Gives back the room for further small chunks. */
  seal(): void {
    for (const part of this.#open()) if (part.length > 0) this.#sealed.push(Buffer.from(part));
    this.#block = undefined;
    this.#from = 0;
    this.#to = 0;
  }
}
