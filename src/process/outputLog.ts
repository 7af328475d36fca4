import { ChunkDeque } from './chunkDeque';
import { DroppedIndex } from './droppedIndex';
import { hostEndsBudget } from './endsBudget';
import { EventFan } from './eventFan';
import type { StreamSnapshot } from './outputEnds';
import { hold, keep, release } from './slabs';
import type { ChunkUse, OutputChunk, OutputStream, ProcessEvent, ReadResult } from './types';

/** Output kept for late readers of one process, in bytes. */
export const DEFAULT_RETAINED_BYTES = 1024 * 1024;

/** The bound on retained chunks, because a small one costs more than its bytes. */
export const MAX_RETAINED_CHUNKS = 50_000;

/**
 * What one process put out: a counter from 1 without a gap over output, exit and close; the newest output
 * in memory; exact counts of what is gone. Appending costs the same however much is retained, and copies
 * nothing.
 */
export class OutputLog {
  readonly #chunks = new ChunkDeque();
  readonly #dropped = new DroppedIndex();
  readonly #fan = new EventFan();
  readonly #ends = hostEndsBudget.open();
  #nextSeq = 1;
  #totalBytes = 0;
  #retainedBytes = 0;
  #exited: (ProcessEvent & { type: 'exited' }) | undefined;
  #closed: (ProcessEvent & { type: 'closed' }) | undefined;

  /**
   * @param limitBytes the most that is retained; a chunk larger than it is not kept at all
   * @param onRetained called with the change, in bytes, whenever more or less is retained
   */
  constructor(
    private limitBytes: number = DEFAULT_RETAINED_BYTES,
    private readonly onRetained?: (deltaBytes: number) => void,
  ) {}

  /** The number that the next event will get. */
  get nextSeq(): number {
    return this.#nextSeq;
  }

  /** All output ever, in bytes. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Output that is not retained any more, in bytes. */
  get droppedBytes(): number {
    return this.#dropped.total;
  }

  get retainedBytes(): number {
    return this.#retainedBytes;
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
   * Takes over `chunk`, which must not change as long as it is held or somebody keeps it (slabs.ts); an empty one
   * is no event.
   */
  appendOutput(stream: OutputStream, chunk: Buffer): void {
    if (this.#closed) throw new Error('output after the log was closed');
    if (chunk.length === 0) return;
    const output: OutputChunk & { type: 'output' } = { type: 'output', seq: this.#nextSeq++, stream, chunk };
    hold(chunk);
    this.#chunks.push(output);
    this.#totalBytes += chunk.length;
    this.#ends.append(stream, chunk);
    this.#retain(chunk.length);
    this.#evictBeyond(this.limitBytes);
    this.#fan.send(output);
  }

  /**
   * Output up to `seq` got lost before it came here: `bytes`, null where nobody knows, which counts as one so that
   * readers are told. What is retained goes too, because drops are counted in order.
   */
  appendDropped(seq: number, bytes: number | null): void {
    if (this.#closed || seq < this.#nextSeq) return;
    this.#evictBeyond(0);
    this.#dropped.add(seq, bytes ?? 1);
    this.#totalBytes += bytes ?? 1;
    this.#nextSeq = seq + 1;
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
    hostEndsBudget.finish(this.#ends);
    this.#fan.send(this.#closed);
  }

  /** Nothing more will be known of the process, although it has not closed. */
  abandon(): void {
    hostEndsBudget.finish(this.#ends);
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

  /** Whether a read with this cursor answers at once (PROTOCOL chapter 7). */
  hasNews(afterSeq: number): boolean {
    if (this.#closed || this.#chunks.hasAfter(afterSeq)) return true;
    return this.#exited !== undefined && afterSeq < this.#nextSeq - 1;
  }

  /**
   * What is retained after the cursor. With `maxBytes` whole chunks only: always the first one, a further
   * one only while the sum stays within the limit.
   */
  read(afterSeq = 0, maxBytes?: number): ReadResult {
    const chunks: OutputChunk[] = [];
    const limit = maxBytes ?? Infinity;
    let sum = 0;
    for (const { seq, stream, chunk } of this.#chunks.after(afterSeq)) {
      if (chunks.length > 0 && sum + chunk.length > limit) break;
      keep(chunk);
      chunks.push({ seq, stream, chunk });
      sum += chunk.length;
      if (sum >= limit) break;
    }
    const last = chunks[chunks.length - 1];
    return {
      chunks,
      nextSeq: maxBytes !== undefined && last ? last.seq + 1 : this.#nextSeq,
      exited: this.exited,
      exitCode: this.exitCode,
      closed: this.closed,
      droppedBytes: this.#dropped.after(afterSeq),
    };
  }

  /** The beginning and the end of one stream, whatever is retained. */
  snapshot(stream: OutputStream): StreamSnapshot {
    return this.#ends.snapshot(stream);
  }

  /** Calls `listener` with every event after `afterSeq`: first, now, the retained ones, then each new one. */
  attach(listener: (event: ProcessEvent) => void, afterSeq = 0, use?: ChunkUse): () => void {
    return this.#fan.add(listener, this.#eventsAfter(afterSeq), use);
  }

  /** Calls `listener` after every event; returns the way to stop. */
  onWake(listener: () => void): () => void {
    return this.#fan.add(() => listener(), [], 'lent');
  }

  #eventsAfter(afterSeq: number): ProcessEvent[] {
    const events: ProcessEvent[] = [];
    for (const { seq, stream, chunk } of this.#chunks.after(afterSeq)) {
      keep(chunk);
      events.push({ type: 'output', seq, stream, chunk });
    }
    for (const event of [this.#exited, this.#closed]) if (event && event.seq > afterSeq) events.push(event);
    return events.sort((a, b) => a.seq - b.seq);
  }

  #evictBeyond(bytes: number): void {
    while (this.#retainedBytes > bytes || this.#chunks.length > MAX_RETAINED_CHUNKS) {
      const oldest = this.#chunks.shift();
      if (!oldest) return;
      this.#dropped.add(oldest.seq, oldest.chunk.length);
      this.#retain(-oldest.chunk.length);
      release(oldest.chunk);
    }
  }

  #retain(deltaBytes: number): void {
    this.#retainedBytes += deltaBytes;
    this.onRetained?.(deltaBytes);
  }
}
