/** Remembers how many bytes were dropped up to which sequence number, in bounded memory. */
export class DroppedIndex {
  /** Parallel, ascending: all chunks up to `#seqs[i]` that were dropped had `#totals[i]` bytes together. */
  #seqs: number[] = [];
  #totals: number[] = [];
  #total = 0;

  /** @param maxEntries the bound on memory: 16 bytes for each entry, at least 4 */
  constructor(private readonly maxEntries = 16_384) {}

  /** Bytes dropped so far. */
  get total(): number {
    return this.#total;
  }

  /** Notes that the chunk `seq`, newer than all noted before, was dropped. */
  add(seq: number, bytes: number): void {
    this.#total += bytes;
    this.#seqs.push(seq);
    this.#totals.push(this.#total);
    if (this.#seqs.length > this.maxEntries) this.#thin();
  }

  /**
   * Bytes that were dropped after the cursor `afterSeq`. Exact for a cursor of 0, and for every cursor
   * among the newest half of the entries; for older ones it may count bytes of up to a few chunks before
   * the cursor too, never too little.
   */
  after(afterSeq: number): number {
    let low = 0;
    let high = this.#seqs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#seqs[middle] ?? 0) <= afterSeq) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? this.#total : this.#total - (this.#totals[low - 1] ?? 0);
  }

  /** Every second entry of the older half goes, so resolution fades with age. */
  #thin(): void {
    const half = this.maxEntries >>> 1;
    const kept = (_: number, index: number): boolean => index >= half || index % 2 === 1;
    this.#seqs = this.#seqs.filter(kept);
    this.#totals = this.#totals.filter(kept);
  }
}
