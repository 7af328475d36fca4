import { ChunkDeque } from './chunkDeque';
import { DroppedIndex } from './droppedIndex';
import { Subscribers } from './subscribers';
import { HeadTailBudget } from './headTailBudget';
import type { HeadTailBuffer, StreamSnapshot } from './headTailBuffer';
import { BufferPool } from '../streams/bufferPool';
import type { ChunkUse, OutputChunk, OutputStream, ProcessEvent, ReadResult } from '../types';
import { ReadPage } from './readPage';
import type { SpillFile } from './spillFile';
import type { SpillFolder } from './spillFolder';

/** Output kept for late readers of one process, in bytes. */
export const DEFAULT_RETAINED_BYTES = 1024 * 1024;

/** The bound on retained chunks, because a small one costs more than its bytes. */
export const MAX_RETAINED_CHUNKS = 50_000;

/** What a read without a bound answers of a file at once, in bytes. */
const PAGE_BYTES = 16 * 1024 * 1024;

/** What the logs of one table share. */
export interface OutputMemory {
  /** Where the memory of their chunks is from. */
  readonly pool: BufferPool;
  /** Keeps the beginning and the end of each stream; absent where another host does. */
  readonly snapshots?: HeadTailBudget;
}

/** For a log that shares with no other, in a table of its own. */
export function newOutputMemory(pool = new BufferPool()): Required<OutputMemory> {
  return { pool, snapshots: new HeadTailBudget(pool) };
}

/**
 * What one process put out: a counter from 1 without a gap over output, exit and close; the newest output
 * in memory, older output in a file if there is a folder for it; exact counts of what is gone. Appending costs the
 * same however much is retained, and copies nothing but what goes to the file.
 */
export class OutputLog {
  readonly #chunks = new ChunkDeque();
  readonly #dropped = new DroppedIndex();
  readonly #fan: Subscribers;
  readonly #ends: HeadTailBuffer | undefined;
  readonly #spill: SpillFile | undefined;
  #whenBehind: (isBehind: boolean) => void = () => undefined;
  #nextSeq = 1;
  #totalBytes = 0;
  #retainedBytes = 0;
  #exited: (ProcessEvent & { type: 'exited' }) | undefined;
  #closed: (ProcessEvent & { type: 'closed' }) | undefined;

  /**
   * @param limitBytes the most that is retained; a chunk larger than it is not kept at all
   * @param onRetained called with the change, in bytes, whenever more or less is retained
   * @param memory shared with other logs; without its `snapshots` none can be taken
   * @param spills where output goes that is no longer retained
   */
  constructor(
    private limitBytes: number = DEFAULT_RETAINED_BYTES,
    private readonly onRetained?: (deltaBytes: number) => void,
    private readonly memory: OutputMemory = newOutputMemory(),
    private readonly spills?: SpillFolder,
  ) {
    this.#fan = new Subscribers(memory.pool);
    this.#ends = memory.snapshots?.open();
    this.#spill = spills?.open({
      lost: (seq, bytes) => this.#dropped.add(seq, bytes),
      behind: (isBehind) => this.#whenBehind(isBehind),
    });
  }

  /** Calls `listener` when the process should wait for a disk, and when it need not any more. */
  onBehind(listener: (isBehind: boolean) => void): void {
    this.#whenBehind = listener;
  }

  /** The number that the next event will get. */
  get nextSeq(): number {
    return this.#nextSeq;
  }

  /** All output ever, in bytes. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Output that is gone, in bytes. */
  get droppedBytes(): number {
    return this.#dropped.total;
  }

  /** Output in memory, in bytes. */
  get retainedBytes(): number {
    return this.#retainedBytes;
  }

  /** Older output in a file, in bytes. */
  get spilledBytes(): number {
    return this.#spill?.bytes ?? 0;
  }

  /** Why older output is not kept in a file any more, in words; undefined while all is well. */
  get spillProblem(): string | undefined {
    return this.#spill?.problem;
  }

  /** Everything after this cursor that is not gone is in memory. */
  get memoryCursor(): number {
    return (this.#chunks.first?.seq ?? this.#nextSeq) - 1;
  }

  get exited(): boolean {
    return this.#exited !== undefined;
  }

  get exitCode(): number | null {
    return this.#exited?.exitCode ?? null;
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /**
   * Takes over `chunk`, which must not change as long as it is retained or somebody has it who never releases it; an empty one
   * is no event.
   */
  appendOutput(stream: OutputStream, chunk: Buffer): void {
    if (this.#closed) throw new Error('output after the log was closed');
    if (chunk.length === 0) return;
    const output: OutputChunk & { type: 'output' } = { type: 'output', seq: this.#nextSeq++, stream, chunk };
    this.memory.pool.retain(chunk);
    this.#chunks.push(output);
    this.#totalBytes += chunk.length;
    this.#ends?.append(stream, chunk);
    this.#retain(chunk.length);
    this.#evictBeyond(this.limitBytes);
    this.#fan.send(output);
  }

  /**
   * Output up to `seq` got lost before it came here: `bytes`, null where nobody knows, which counts as one so that
   * readers are told. What is retained goes too, because drops are counted in order. Of none only the number counts.
   */
  appendDropped(seq: number, bytes: number | null): void {
    if (this.#closed || seq < this.#nextSeq) return;
    this.#nextSeq = seq + 1;
    if (bytes === 0) return;
    this.#evictBeyond(0);
    this.#dropped.add(seq, bytes ?? 1);
    this.#totalBytes += bytes ?? 1;
  }

  /** The process ended. Only the first call counts. */
  appendExited(exitCode: number): void {
    if (this.#exited) return;
    this.#exited = { type: 'exited', seq: this.#nextSeq++, exitCode };
    this.#fan.send(this.#exited);
  }

  /** All streams ended, after the exit; nothing follows. Only the first call counts. */
  appendClosed(): void {
    if (this.#closed) return;
    if (!this.#exited) throw new Error('closed before the exit');
    this.#closed = { type: 'closed', seq: this.#nextSeq++ };
    if (this.#ends) this.memory.snapshots?.finish(this.#ends);
    if (this.#spill) this.spills?.finished(this.#spill);
    this.#fan.send(this.#closed);
  }

  /** A new bound on retained output, in bytes; takes effect at once. */
  setLimit(limitBytes: number): void {
    this.limitBytes = limitBytes;
    this.#evictBeyond(limitBytes);
  }

  /** Drops whole chunks from the front until at most `retainedBytes` are left. */
  shrinkTo(retainedBytes: number): void {
    this.#evictBeyond(Math.min(retainedBytes, this.limitBytes));
  }

  /** Nobody lists it any more: the file goes, what is in memory stays. */
  removeSpill(): void {
    if (this.#spill) this.spills?.remove(this.#spill);
  }

  /** Whether a read with this cursor answers at once (docs/protocol/read.md#waiting). */
  hasNews(afterSeq: number): boolean {
    if (this.#closed || this.#chunks.hasAfter(afterSeq)) return true;
    if (this.#spill && this.#spill.lastSeq > afterSeq) return true;
    return this.#exited !== undefined && afterSeq < this.#nextSeq - 1;
  }

  /**
   * What is in memory after the cursor. With `maxBytes` whole chunks only: always the first one, a further
   * one only while the sum stays within the limit.
   */
  read(afterSeq = 0, maxBytes?: number): ReadResult {
    const page = new ReadPage(afterSeq, maxBytes ?? Infinity, this.#dropped);
    this.#addFromMemory(page);
    return this.#answer(page, maxBytes);
  }

  /**
   * What is in the file and in memory after the cursor, whole chunks only. One answer does not reach over output that is
   * gone. Without `maxBytes` it may end before the end as well, and then tells about `nextSeq` and not about now.
   */
  async readAll(afterSeq = 0, maxBytes?: number): Promise<ReadResult> {
    const spill = this.#spill;
    if (!spill || afterSeq >= spill.lastSeq) return this.read(afterSeq, maxBytes);
    const page = new ReadPage(afterSeq, maxBytes ?? PAGE_BYTES, this.#dropped);
    while (page.lastSeq < spill.lastSeq && !page.isFull) {
      const chunks = await spill.read(page.lastSeq, page.room);
      if (chunks.length === 0) break;
      for (const chunk of chunks) page.add(chunk);
    }
    if (page.lastSeq >= spill.lastSeq) this.#addFromMemory(page);
    return this.#answer(page, maxBytes);
  }

  /**
   * The beginning and the end of one stream, whatever is retained.
   *
   * @throws Error where they are not kept
   */
  snapshot(stream: OutputStream): StreamSnapshot {
    if (!this.#ends)
      throw new Error('The beginning and the end of the output are kept where the process runs.');
    return this.#ends.snapshot(stream);
  }

  /** Calls `listener` with every event after `afterSeq`: first, now, the retained ones, then each new one. */
  subscribe(listener: (event: ProcessEvent) => void, afterSeq = 0, use?: ChunkUse): () => void {
    return this.#fan.add(listener, this.#eventsAfter(afterSeq), use);
  }

  /** Calls `listener` after every event; returns the way to stop. */
  onWake(listener: () => void): () => void {
    return this.#fan.add(() => listener(), [], 'lent');
  }

  #addFromMemory(page: ReadPage): void {
    for (const chunk of this.#chunks.after(page.lastSeq)) {
      const { seq, stream } = chunk;
      if (!page.add({ seq, stream, chunk: chunk.chunk })) break;
      this.memory.pool.detach(chunk.chunk);
    }
  }

  #answer(page: ReadPage, maxBytes: number | undefined): ReadResult {
    const { exited, exitCode, closed } = this;
    const now = { nextSeq: this.#nextSeq, exited, exitCode, closed };
    if (maxBytes === undefined) return page.result(now, !page.isFull);
    // One who sets a bound knows that more may follow, and hears of the end at once.
    const result = page.result(now, false);
    return { ...result, exited, exitCode, closed };
  }

  #eventsAfter(afterSeq: number): ProcessEvent[] {
    const events: ProcessEvent[] = [];
    for (const { seq, stream, chunk } of this.#chunks.after(afterSeq)) {
      this.memory.pool.detach(chunk);
      events.push({ type: 'output', seq, stream, chunk });
    }
    for (const event of [this.#exited, this.#closed]) if (event && event.seq > afterSeq) events.push(event);
    return events.sort((a, b) => a.seq - b.seq);
  }

  #evictBeyond(bytes: number): void {
    while (this.#retainedBytes > bytes || this.#chunks.length > MAX_RETAINED_CHUNKS) {
      const oldest = this.#chunks.shift();
      if (!oldest) return;
      if (!this.#spill?.take(oldest)) this.#dropped.add(oldest.seq, oldest.chunk.length);
      this.#retain(-oldest.chunk.length);
      this.memory.pool.release(oldest.chunk);
    }
  }

  #retain(deltaBytes: number): void {
    this.#retainedBytes += deltaBytes;
    this.onRetained?.(deltaBytes);
  }
}
