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

  /** Notes that chunks up to `seq` were dropped; in ascending order it costs nothing. */
  add(seq: number, bytes: number): void {
    const at = this.#countUpTo(seq);
    this.#total += bytes;
    this.#seqs.splice(at, 0, seq);
    this.#totals.splice(at, 0, this.#totals[at - 1] ?? 0);
    for (let index = at; index < this.#totals.length; index++)
      this.#totals[index] = (this.#totals[index] ?? 0) + bytes;
    if (this.#seqs.length > this.maxEntries) this.#thin();
  }

  /**
   * Bytes that were dropped after the cursor `afterSeq`. Exact for a cursor of 0, and for every cursor
   * among the newest half of the entries; for older ones it may count bytes of up to a few chunks before
   * the cursor too, never too little.
   */
  after(afterSeq: number): number {
    return this.#total - (this.#totals[this.#countUpTo(afterSeq) - 1] ?? 0);
  }

  /** Bytes that were dropped after the cursor and before the chunk `seq`, as exact as `after`. */
  between(afterSeq: number, seq: number): number {
    return Math.max(0, this.after(afterSeq) - this.after(seq - 1));
  }

  #countUpTo(seq: number): number {
    let low = 0;
    let high = this.#seqs.length;
    // Most questions are about the end.
    if ((this.#seqs[high - 1] ?? 0) <= seq) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#seqs[middle] ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Every second entry of the older half goes, so resolution fades with age. */
  #thin(): void {
    const half = this.maxEntries >>> 1;
    const kept = (_: number, index: number): boolean => index >= half || index % 2 === 1;
    this.#seqs = this.#seqs.filter(kept);
    this.#totals = this.#totals.filter(kept);
  }
}
