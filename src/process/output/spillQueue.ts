import type { BufferPool, PoolSizes } from '../streams/bufferPool';

/** What is written at once, at most, in bytes. */
const BLOCK_BYTES = 256 * 1024;

/** The blocks of all files of a table. */
export const BLOCK_SIZES: PoolSizes = { pieceBytes: BLOCK_BYTES, worthBytes: 0, maxFree: 16 };

/** A piece of a file that is to be written. */
export interface SpillBlock {
  readonly buffer: Buffer;
  length: number;
  /** Where in it the last record ends that ends here, and which one that is. */
  end: { at: number; seq: number } | undefined;
  /** The length of the records that end here, in bytes. */
  outputBytes: number;
}

/** Bytes on their way to a file, copied, in blocks that are used again. */
export class SpillQueue {
  #blocks: SpillBlock[] = [];
  #bytes = 0;
  /** The first block is being written, and must not grow. */
  #taken = false;

  /** @param pool whose pieces have BLOCK_SIZES */
  constructor(private readonly pool: BufferPool) {}

  /** All that is not written yet. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The bytes of the records that have not ended in a written block. */
  get outputBytes(): number {
    return this.#blocks.reduce((sum, { outputBytes }) => sum + outputBytes, 0);
  }

  push(bytes: Buffer): void {
    this.#bytes += bytes.length;
    for (let at = 0; at < bytes.length;) {
      const block = this.#open();
      const count = bytes.copy(block.buffer, block.length, at);
      block.length += count;
      at += count;
    }
  }

  /** What was pushed last ends a record. */
  endRecord(seq: number, outputBytes: number): void {
    const block = this.#blocks[this.#blocks.length - 1];
    if (!block) return;
    block.end = { at: block.length, seq };
    block.outputBytes += outputBytes;
  }

  /** The one to be written next, which stays as it is until it is shifted. */
  first(): SpillBlock | undefined {
    this.#taken = this.#blocks.length > 0;
    return this.#blocks[0];
  }

  /** It was written. False when the queue was cleared meanwhile. */
  shift(block: SpillBlock): boolean {
    const isFirst = this.#blocks[0] === block;
    if (isFirst) {
      this.#blocks.shift();
      this.#bytes -= block.length;
      this.#taken = false;
    }
    this.pool.release(block.buffer);
    return isFirst;
  }

  clear(): void {
    // The one that is being written goes when it is shifted.
    for (const { buffer } of this.#blocks.slice(this.#taken ? 1 : 0)) this.pool.release(buffer);
    this.#blocks = [];
    this.#bytes = 0;
  }

  #open(): SpillBlock {
    const last = this.#blocks[this.#blocks.length - 1];
    const mayGrow = last && last.length < BLOCK_BYTES && !(this.#taken && this.#blocks.length === 1);
    if (mayGrow) return last;
    const block = { buffer: this.pool.take(), length: 0, end: undefined, outputBytes: 0 };
    this.#blocks.push(block);
    return block;
  }
}
