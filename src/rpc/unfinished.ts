import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { MemoryShare, type Memory } from './memory';

/** A client's control frame: two bytes, a mask of four, at most 125 of data. */
const CONTROL_FRAME_BYTES = 6;
/** Milliseconds that a message waits for memory that others hold. */
const PATIENCE_MS = 10_000;

/** What becomes of a connection whose message finds no room. */
export interface Crowding {
  /** Whether to read no more for now. */
  readonly wait: (isFull: boolean) => void;
  /** It has waited in vain; `error` is the memory's. */
  readonly giveUp: (error: unknown) => void;
}

/** Counts what has come of a message that is not whole yet, which the library keeps and nobody else sees. */
export class Unfinished {
  private readonly share: MemoryShare;
  private bytes = 0;
  private late: NodeJS.Timeout | undefined;
  private readonly leave: () => void;

  constructor(
    socket: WebSocket,
    carrier: Duplex,
    private readonly memory: Memory,
    private readonly crowding: Crowding,
  ) {
    this.share = new MemoryShare(memory);
    this.leave = memory.onRoom(() => this.look());
    // Before the library, so that what the chunk completes is taken off again.
    carrier.prependListener('data', (chunk: Buffer) => this.take(chunk.length));
    const control = (data: Buffer): void => this.set(this.bytes - CONTROL_FRAME_BYTES - data.length);
    socket.on('ping', control);
    socket.on('pong', control);
    socket.on('message', () => this.set(0));
    socket.once('close', () => this.end());
  }

  private take(bytes: number): void {
    this.bytes += bytes;
    try {
      this.share.add(bytes);
    } catch (error) {
      // It is there already.
      this.set(this.bytes);
      if (this.late) return;
      this.late = setTimeout(() => this.crowding.giveUp(error), PATIENCE_MS).unref();
      this.crowding.wait(true);
    }
  }

  private set(bytes: number): void {
    this.bytes = bytes;
    this.share.set(Math.max(0, bytes));
  }

  private look(): void {
    if (!this.late || this.memory.isFull) return;
    clearTimeout(this.late);
    this.late = undefined;
    this.crowding.wait(false);
  }

  private end(): void {
    clearTimeout(this.late);
    this.leave();
    this.share[Symbol.dispose]();
  }
}
