import { disk } from '../../blocking';
import type { BufferPool } from '../streams/bufferPool';
import type { OutputChunk } from '../types';
import { messageOf } from '../../values';
import { SpillIndex } from './spillIndex';
import { HEADER_BYTES, recordsIn, writeHeader } from './spillRecord';
import { SpillQueue, type SpillBlock } from './spillQueue';

/** What is read at once. */
const READ_BYTES = 256 * 1024;
/** Beyond it the process is held back until the disk has caught up … */
const BEHIND_BYTES = 2 * 1024 * 1024;
/** … for at most so long; after that the file is given up. */
const PATIENCE_MS = 1000;
/** What comes while the process is about to be held back; beyond it bytes are dropped. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** Who keeps the bounds over all files, and the folder that they lie in. */
export interface SpillKeeper {
  /** The memory for what waits to be written, in pieces of BLOCK_SIZES. */
  readonly pool: BufferPool;
  /** Whether so many more bytes may be written for this file; they count from then on. */
  admit(file: SpillFile, bytes: number): boolean;
  /** So many bytes are not kept any more. */
  freed(bytes: number): void;
  /** Opens a new file, which nobody else can find. */
  create(): Promise<number>;
  /** Something went wrong, in words. */
  trouble(problem: string): void;
}

/** What its log wants to know. */
export interface SpillEvents {
  /** What was taken up to `seq`, and had not been lost before, is gone: so many bytes of output. */
  lost(seq: number, bytes: number): void;
  /** The disk is slower than the process, which should wait; or not any more. */
  behind(isBehind: boolean): void;
}

/**
 * The output of one process that is no longer in memory, as records in a file that only grows. A chunk is copied when
 * it is taken, and written when the disk has time for it. Nothing here throws: what fails is lost and told.
 */
export class SpillFile {
  readonly #index = new SpillIndex();
  readonly #queue: SpillQueue;
  #fd: number | undefined;
  #pumping = false;
  /** Who reads or writes; the descriptor is closed by the last one. */
  #users = 0;
  #problem: string | undefined;
  #discarded = false;
  /** Met a bound: smaller chunks that might still fit would make one hole into many. */
  #full = false;
  #behind: NodeJS.Timeout | undefined;
  /** Bytes of output, records' headers not counted. */
  #bytes = 0;
  #written = 0;
  /** Up to here there are whole records in the file. */
  #end = 0;
  #endSeq = 0;
  #lastSeq = 0;
  #wake: (() => void)[] = [];

  constructor(
    private readonly keeper: SpillKeeper,
    private readonly events: SpillEvents,
  ) {
    this.#queue = new SpillQueue(keeper.pool);
  }

  /** Everything that it takes of the disk, now or soon. */
  get size(): number {
    return this.#written + this.#queue.bytes;
  }

  /** Output that is kept here, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The newest chunk here; 0 when there is none. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Why nothing more is taken, in words; undefined while all is well. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether this chunk, newer than all before, is kept here. */
  take({ seq, stream, chunk }: OutputChunk): boolean {
    const bytes = HEADER_BYTES + chunk.length;
    if (this.#full || this.#discarded || this.#problem !== undefined) return false;
    if (this.#queue.bytes > 0 && this.#queue.bytes + bytes > MAX_WAITING_BYTES) return false;
    this.#full = !this.keeper.admit(this, bytes);
    if (this.#full) return false;
    this.#index.add(seq, this.size);
    this.#queue.push(writeHeader(seq, stream, chunk.length));
    this.#queue.push(chunk);
    this.#queue.endRecord(seq, chunk.length);
    this.#bytes += chunk.length;
    this.#lastSeq = seq;
    if (this.#queue.bytes > BEHIND_BYTES) this.#fallBehind();
    void this.#pump();
    return true;
  }

  /**
   * Whole chunks after the cursor, oldest first: always the first one, a further one while the sum stays within. None
   * when there are none, or when they turn out to be lost.
   */
  async read(afterSeq: number, maxBytes: number): Promise<OutputChunk[]> {
    while (afterSeq >= this.#endSeq && afterSeq < this.#lastSeq) {
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
    if (afterSeq >= this.#lastSeq || this.#fd === undefined) return [];
    this.#users++;
    try {
      return await this.#read(this.#fd, afterSeq, maxBytes);
    } catch (error) {
      this.#loseAll(`The file of earlier output cannot be read: ${messageOf(error)}`);
      return [];
    } finally {
      this.#leave();
    }
  }

  /** The bounds have changed. */
  retry(): void {
    this.#full = false;
  }

  /** Nobody wants it any more, or there is no room for it. */
  discard(): void {
    if (this.#discarded) return;
    this.#discarded = true;
    this.#lose(this.#lastSeq, this.#bytes);
    this.keeper.freed(this.size);
    this.#queue.clear();
    this.#lastSeq = this.#endSeq = this.#written = 0;
    this.#catchUp();
    this.#wakeAll();
    // Not while it is written or read.
    this.#users++;
    this.#leave();
  }

  async #read(fd: number, afterSeq: number, maxBytes: number): Promise<OutputChunk[]> {
    const chunks: OutputChunk[] = [];
    let sum = 0;
    let rest: Buffer = Buffer.alloc(0);
    const end = this.#end;
    for (let offset = this.#index.before(afterSeq); offset < end;) {
      const block = Buffer.allocUnsafe(Math.min(READ_BYTES, end - offset));
      const count = await disk.read(fd, block, offset);
      if (count === 0) throw new Error('it is shorter than what was written');
      offset += count;
      const found = recordsIn(Buffer.concat([rest, block.subarray(0, count)]), afterSeq);
      for (const record of found.chunks) {
        const { length } = record.chunk;
        if (chunks.length > 0 && sum + length > maxBytes) return chunks;
        chunks.push(record);
        sum += length;
        if (sum >= maxBytes) return chunks;
      }
      rest = found.rest;
    }
    return chunks;
  }

  /** Writes one block after the other until none is left. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#users++;
    try {
      this.#fd ??= await this.keeper.create();
      for (let block = this.#queue.first(); block; block = this.#queue.first()) {
        await disk.writeAll(this.#fd, block.buffer.subarray(0, block.length), this.#written);
        // Discarded meanwhile.
        if (!this.#queue.shift(block)) break;
        this.#wrote(block);
      }
    } catch (error) {
      this.#giveUp(`Earlier output cannot be kept in a file: ${messageOf(error)}`);
    } finally {
      this.#pumping = false;
      this.#leave();
    }
  }

  #wrote({ length, end }: SpillBlock): void {
    if (end) {
      this.#end = this.#written + end.at;
      this.#endSeq = end.seq;
    }
    this.#written += length;
    if (this.#queue.bytes < BEHIND_BYTES / 2) this.#catchUp();
    this.#wakeAll();
  }

  #fallBehind(): void {
    if (this.#behind) return;
    this.#behind = setTimeout(() => {
      this.#giveUp('Earlier output cannot be kept in a file: the disk is too slow');
    }, PATIENCE_MS).unref();
    this.events.behind(true);
  }

  #catchUp(): void {
    if (!this.#behind) return;
    clearTimeout(this.#behind);
    this.#behind = undefined;
    this.events.behind(false);
  }

  /** What is in the file stays; what waits for it is lost. */
  #giveUp(problem: string): void {
    if (this.#discarded || this.#problem !== undefined) return;
    this.#problem = problem;
    this.keeper.trouble(problem);
    this.keeper.freed(this.#queue.bytes);
    const lastSeq = this.#lastSeq;
    this.#lastSeq = this.#endSeq;
    this.#lose(lastSeq, this.#queue.outputBytes);
    this.#queue.clear();
    this.#catchUp();
    this.#wakeAll();
  }

  #loseAll(problem: string): void {
    if (this.#discarded) return;
    this.#problem ??= problem;
    this.keeper.trouble(problem);
    this.discard();
  }

  #lose(seq: number, bytes: number): void {
    this.#bytes -= bytes;
    if (bytes > 0) this.events.lost(seq, bytes);
  }

  #leave(): void {
    if (--this.#users > 0 || !this.#discarded || this.#fd === undefined) return;
    void disk.close(this.#fd);
    this.#fd = undefined;
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
