import type { TerminalSize } from './types';

/** Sizes that are remembered; whoever drags the edge of a window makes many. */
const MAX_SIZES = 512;

/** From which chunk of output on a terminal had which size. */
export interface SizeChange {
  /** Counts for what comes after the chunk of this number. */
  readonly afterSeq: number;
  readonly size: TerminalSize;
}

/** The sizes of one terminal, for those who draw its output later. */
export class SizeHistory {
  readonly #changes: SizeChange[];

  constructor(first: TerminalSize) {
    this.#changes = [{ afterSeq: 0, size: first }];
  }

  /** Oldest first; the first one counts from the beginning. */
  get changes(): readonly SizeChange[] {
    return this.#changes;
  }

  /** Only the later of two sizes for the same chunk counts; the middle ones of too many go. */
  add(afterSeq: number, size: TerminalSize): void {
    if (this.#changes[this.#changes.length - 1]?.afterSeq === afterSeq) this.#changes.pop();
    this.#changes.push({ afterSeq, size });
    if (this.#changes.length > MAX_SIZES) this.#changes.splice(1, 1);
  }
}
