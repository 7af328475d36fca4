import type { ExecProcessEvent, ProcessEvent } from '../model';

/** What a series of reads has shown about everything below `nextSeq`. */
export interface CaughtUp {
  readonly nextSeq: number;
  /** Null while it runs, or where it is not known whether the exit is below `nextSeq`. */
  readonly exitCode: number | null;
  /** The close is the last event below `nextSeq`. */
  readonly closed: boolean;
}

/** Puts the events of one process in order. What arrives twice is passed on once. */
export class EventOrder {
  private last = 0;
  private hasExited = false;
  private hasClosed = false;
  /** What came before its turn. */
  private readonly early = new Map<number, ProcessEvent>();

  constructor(private readonly deliver: (event: ExecProcessEvent) => void) {}

  /** The number of the last event that was passed on. */
  get lastSeq(): number {
    return this.last;
  }

  get closed(): boolean {
    return this.hasClosed;
  }

  get exited(): boolean {
    return this.hasExited;
  }

  /** The exit was passed on or waits for its turn. */
  get knowsExit(): boolean {
    return this.hasExited || this.waits('exited');
  }

  /** Something came before its turn, so something before it is missing so far. */
  get hasGap(): boolean {
    return this.early.size > 0;
  }

  take(event: ProcessEvent): void {
    if (this.hasClosed || event.seq <= this.last || this.early.has(event.seq)) return;
    this.early.set(event.seq, event);
    this.drain();
  }

  /** What is missing below `nextSeq` will not come any more. */
  settle({ nextSeq, exitCode, closed }: CaughtUp): void {
    if (this.hasClosed) return;
    let end = nextSeq;
    if (closed && !this.waits('closed') && this.lastMissingBelow(end) === end - 1) {
      end--;
      this.early.set(end, { type: 'closed', seq: end });
    }
    if (exitCode !== null && !this.knowsExit) {
      // Output that is gone is the oldest, so the exit is the last that is missing.
      const seq = this.lastMissingBelow(end);
      if (seq !== undefined) this.early.set(seq, { type: 'exited', seq, exitCode });
    }
    this.drain();
    while (this.last < nextSeq - 1 && !this.closed) {
      const next = Math.min(nextSeq, ...this.early.keys());
      this.last = next - 1;
      this.deliver({ type: 'dropped', seq: this.last, bytes: null });
      this.drain();
    }
  }

  /** Nothing more is expected. */
  fail(message: string): void {
    if (this.hasClosed) return;
    this.hasClosed = true;
    this.early.clear();
    this.deliver({ type: 'failed', message });
  }

  private waits(type: ProcessEvent['type']): boolean {
    for (const event of this.early.values()) if (event.type === type) return true;
    return false;
  }

  private lastMissingBelow(end: number): number | undefined {
    let seq = end - 1;
    while (seq > this.last && this.early.has(seq)) seq--;
    return seq > this.last ? seq : undefined;
  }

  private drain(): void {
    for (;;) {
      const event = this.early.get(this.last + 1);
      if (!event || this.hasClosed) return;
      this.early.delete(event.seq);
      this.last = event.seq;
      if (event.type === 'exited') this.hasExited = true;
      if (event.type === 'closed') {
        this.hasClosed = true;
        this.early.clear();
      }
      this.deliver(event);
    }
  }
}
