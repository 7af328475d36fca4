/** Bodies up to here stay in the pieces in which they came, unless they are crumbs. */
const SMALL_BYTES = 1024 * 1024;
/** A piece takes memory beside its bytes. */
const FEW_PIECES = 256;

/**
 * Gathers a body, at most `maxBytes` of it. The memory of a large one goes back to the system when it is disposed of,
 * not when a collector next has reason to look, which in a server that idles is never.
 */
export class BodyStore implements Disposable {
  private pieces: Buffer[] = [];
  private block: ArrayBuffer | undefined;
  private length = 0;

  constructor(private readonly maxBytes: number) {}

  /** @throws RangeError beyond `maxBytes` */
  append(piece: Buffer): void {
    const start = this.length;
    this.length += piece.length;
    if (this.length > this.maxBytes) throw new RangeError(`a body has more than ${this.maxBytes} bytes`);
    if (!this.block && this.length <= SMALL_BYTES && this.pieces.length < FEW_PIECES) {
      this.pieces.push(piece);
      return;
    }
    if (!this.block) {
      // Only reserved; memory is used as the block grows.
      this.block = new ArrayBuffer(0, { maxByteLength: this.maxBytes });
      this.grow(this.block);
      let end = 0;
      for (const each of this.pieces) end += each.copy(new Uint8Array(this.block, end, each.length));
      this.pieces = [];
    }
    this.grow(this.block);
    piece.copy(new Uint8Array(this.block, start, piece.length));
  }

  /** Cannot be used once the store is disposed of. */
  whole(): Buffer {
    return this.block ? Buffer.from(this.block, 0, this.length) : Buffer.concat(this.pieces, this.length);
  }

  [Symbol.dispose](): void {
    this.block?.resize(0);
    this.block = undefined;
    this.pieces = [];
  }

  private grow(block: ArrayBuffer): void {
    const steps = Math.ceil(this.length / SMALL_BYTES) * SMALL_BYTES;
    if (block.byteLength < this.length) block.resize(Math.min(steps, this.maxBytes));
  }
}
