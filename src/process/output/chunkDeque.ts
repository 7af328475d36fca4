import type { OutputChunk } from '../types';

/** Chunks in ascending sequence; appends, removals from the front in constant amortized time. */
export class ChunkDeque {
  #items: (OutputChunk | undefined)[] = [];
  #head = 0;

  /** How many chunks there are. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The oldest one. */
  get first(): OutputChunk | undefined {
    return this.#items[this.#head];
  }

  push(chunk: OutputChunk): void {
    this.#items.push(chunk);
  }

  /** Removes and answers the oldest chunk. */
  shift(): OutputChunk | undefined {
    const first = this.#items[this.#head];
    if (first === undefined) return undefined;
    this.#items[this.#head++] = undefined;
    // Moving the rest down only when half is empty makes the cost constant for each removal.
    if (this.#head >= 64 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return first;
  }

  /** The chunks with a sequence number above `seq`, oldest first. */
  *after(seq: number): Generator<OutputChunk, void, void> {
    let low = this.#head;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#items[middle]?.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    for (let index = low; index < this.#items.length; index++) {
      const chunk = this.#items[index];
      if (chunk) yield chunk;
    }
  }

  /** Whether a chunk above `seq` is here. */
  hasAfter(seq: number): boolean {
    const last = this.#items[this.#items.length - 1];
    return last !== undefined && this.length > 0 && last.seq > seq;
  }
}
