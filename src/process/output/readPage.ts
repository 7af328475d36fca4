import type { OutputChunk, ReadResult } from '../types';
import type { DroppedIndex } from './droppedIndex';

/** How things stand with the whole process. */
type Standing = Pick<ReadResult, 'nextSeq' | 'exited' | 'exitCode' | 'closed'>;

/** One answer to a reader, as it is put together: whole chunks in ascending order, with nothing missing between them. */
export class ReadPage {
  readonly #chunks: OutputChunk[] = [];
  #bytes = 0;
  #lastSeq: number;
  #isFull = false;

  /**
   * @param maxBytes the first chunk is always taken, a further one while the sum stays within it
   * @param dropped what is gone
   */
  constructor(
    private readonly afterSeq: number,
    private readonly maxBytes: number,
    private readonly dropped: DroppedIndex,
  ) {
    this.#lastSeq = afterSeq;
  }

  /** The last chunk that was taken; the cursor when there is none. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Nothing more is taken. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** How many bytes more there is room for. */
  get room(): number {
    return this.maxBytes - this.#bytes;
  }

  /** Takes the next chunk, or is full from then on. */
  add(chunk: OutputChunk): boolean {
    const { length } = chunk.chunk;
    if (this.#chunks.length > 0 && (length > this.room || this.#misses(chunk.seq))) this.#isFull = true;
    if (this.#isFull) return false;
    this.#chunks.push(chunk);
    this.#bytes += length;
    this.#lastSeq = chunk.seq;
    this.#isFull = this.room <= 0;
    return true;
  }

  /**
   * The answer.
   *
   * @param isWhole tells about the process now, and that its reader has everything; else about the end of the page
   */
  result(now: Standing, isWhole: boolean): ReadResult {
    const [first] = this.#chunks;
    const { afterSeq, dropped } = this;
    const droppedBytes = first ? dropped.between(afterSeq, first.seq) : dropped.after(afterSeq);
    if (isWhole || !first) return { ...now, chunks: this.#chunks, droppedBytes };
    const nextSeq = this.#lastSeq + 1;
    return { chunks: this.#chunks, nextSeq, exited: false, exitCode: null, closed: false, droppedBytes };
  }

  #misses(seq: number): boolean {
    return seq > this.#lastSeq + 1 && this.dropped.between(this.#lastSeq, seq) > 0;
  }
}
