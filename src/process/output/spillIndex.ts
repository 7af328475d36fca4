/** One entry for each so many bytes of the file. */
const STRIDE_BYTES = 128 * 1024;

/** Where in a file of records to begin to look for those after a cursor, in memory that grows with a small part of it. */
export class SpillIndex {
  /** Parallel, ascending: at `#offsets[i]` the record `#seqs[i]` begins. */
  readonly #seqs: number[] = [];
  readonly #offsets: number[] = [];

  /** The next record begins here. */
  add(seq: number, offset: number): void {
    const last = this.#offsets[this.#offsets.length - 1];
    if (last !== undefined && offset - last < STRIDE_BYTES) return;
    this.#seqs.push(seq);
    this.#offsets.push(offset);
  }

  /** A place at which a record begins, and before which none is after the cursor. */
  before(afterSeq: number): number {
    let low = 0;
    let high = this.#seqs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#seqs[middle] ?? 0) <= afterSeq + 1) low = middle + 1;
      else high = middle;
    }
    return this.#offsets[Math.max(0, low - 1)] ?? 0;
  }
}
