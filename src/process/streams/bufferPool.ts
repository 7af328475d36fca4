import { memoryMode, type MemoryMode } from './memoryMode';

/** How large the pieces of memory are that a pool hands out, and how many it keeps. */
export interface PoolSizes {
  /** The size of each piece, in bytes. */
  readonly pieceBytes: number;
  /** Less is not worth a piece, in bytes. */
  readonly worthBytes: number;
  /** Pieces that lie ready at most. */
  readonly maxFree: number;
}

/**
 * For output: a Linux pipe gives no more than 64 KiB at once. A smaller chunk gets memory of its own, so that what is
 * retained takes little more than its bytes. What lies ready is a little more than one process retains.
 */
export const OUTPUT_SIZES: PoolSizes = { pieceBytes: 65_536, worthBytes: 65_536 - 8192, maxFree: 32 };

/** What released memory is filled with where it is poisoned. */
export const POISON = 0xdb;

/** A piece of the pool. */
interface Piece {
  readonly whole: Buffer;
  /** How many hold it; with 0 it lies ready. */
  holders: number;
}

/**
 * Memory that is used again once nobody holds it. If each chunk of output had new memory, retention would make old
 * garbage of it all. In an extension host, whose heap is large, V8 then spent most of the time in full collections, at
 * a third of the rate (npm run bench -- --only bulk).
 *
 * A piece is retained once when it is handed out. Who hands a chunk on to somebody who will never release it detaches
 * it. All calls do nothing with memory that is not of this pool.
 */
export class BufferPool {
  readonly #free: Piece[] = [];
  /** Pieces by their memory. One that is not in here is left to the garbage collector. */
  readonly #pieces = new WeakMap<ArrayBufferLike, Piece>();
  #landing: Buffer | undefined;

  /** @param mode what EXEC_SERVER_MEMORY says when absent */
  constructor(
    private readonly sizes: PoolSizes = OUTPUT_SIZES,
    private readonly mode: MemoryMode = memoryMode(),
  ) {}

  /** One piece of memory that is shared by all whose bytes are copied out before anything else happens. */
  get landing(): Buffer {
    return (this.#landing ??= Buffer.allocUnsafeSlow(this.sizes.pieceBytes));
  }

  /** Whether so many bytes are to be put into a piece of the pool. */
  isWorth(bytes: number): boolean {
    return this.mode !== 'fresh' && bytes >= this.sizes.worthBytes && bytes <= this.sizes.pieceBytes;
  }

  /** A piece with anything in it, retained once. */
  take(): Buffer {
    const piece = this.#free.pop() ?? this.#make();
    piece.holders = 1;
    return piece.whole;
  }

  /** A copy of `bytes` in pooled memory if they are worth it, else in memory of its own; retained once. */
  copy(bytes: Buffer): Buffer {
    const { length } = bytes;
    const memory = this.isWorth(length) ? this.take().subarray(0, length) : Buffer.allocUnsafeSlow(length);
    bytes.copy(memory);
    return memory;
  }

  /** The memory of `chunk` stays as it is until it is released once more. */
  retain(chunk: Buffer): void {
    const piece = this.#heldPiece(chunk);
    if (piece) piece.holders++;
  }

  /** The last one gives the memory back: `chunk` may change from now on. */
  release(chunk: Buffer): void {
    const piece = this.#heldPiece(chunk);
    if (!piece || --piece.holders > 0) return;
    if (this.mode === 'poison') piece.whole.fill(POISON);
    if (this.#free.length < this.sizes.maxFree) this.#free.push(piece);
    else this.#pieces.delete(piece.whole.buffer);
  }

  /** Takes the memory of `chunk` out of the pool for good: somebody has it who will not release it. */
  detach(chunk: Buffer): void {
    const piece = this.#heldPiece(chunk);
    if (piece) this.#pieces.delete(piece.whole.buffer);
  }

  #make(): Piece {
    const whole = Buffer.allocUnsafeSlow(this.sizes.pieceBytes);
    const piece = { whole, holders: 0 };
    if (this.mode !== 'fresh') this.#pieces.set(whole.buffer, piece);
    return piece;
  }

  /**
   * The piece that `chunk` is in, if it is one of the pool's that somebody holds.
   *
   * @throws Error where memory is poisoned, for one that nobody holds any more
   */
  #heldPiece(chunk: Buffer): Piece | undefined {
    const piece = this.#pieces.get(chunk.buffer);
    if (!piece || piece.holders > 0) return piece;
    if (this.mode === 'poison') throw new Error('memory was used after its release');
    return undefined;
  }
}
