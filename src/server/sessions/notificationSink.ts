import type { BufferPool, Subscription } from '../../environment';
import { CloseCode, type Transport } from '../../rpc';

/** Takes a session's notifications: the outgoing side of the connection that it is attached to. */
export interface NotificationSink {
  /** Memory for one message, which is to be sent; it may be used again once that has left. */
  readonly allocate: (bytes: number) => Buffer;
  send(message: string | Buffer): void;
  /** Pauses `subscription` if too much is unsent, until there is room again or `release` is called. */
  throttle(subscription: Subscription): void;
  /** Calls `then`, which sends something large, when not too much is unsent: now, or one after another later. */
  whenRoom(then: () => void): void;
  /** Resumes all that this sink paused: the connection has ended, or the session has left it. */
  release(): void;
  /** Whether the client gives a sign of life within so many milliseconds. */
  isAlive(withinMs: number): Promise<boolean>;
  /** Ends the connection. */
  end(reason: string): void;
}

/** What a sink needs of its transport. */
type Outgoing = Pick<Transport, 'unsentBytes' | 'send' | 'isAlive' | 'close'>;

/** Back-pressure from one connection's socket to the children whose output goes there. */
export class BackpressuredSink implements NotificationSink {
  private readonly paused = new Set<Subscription>();
  private readonly waiting: (() => void)[] = [];

  /**
   * @param pauseBytes unsent bytes that are too much; below half of them there is room again
   * @param messages where the memory of messages is from; the owner of the transport gives it back
   */
  constructor(
    private readonly transport: Outgoing,
    private readonly pauseBytes: number,
    private readonly messages: BufferPool,
  ) {}

  readonly allocate = (bytes: number): Buffer =>
    this.messages.isWorth(bytes) ? this.messages.take().subarray(0, bytes) : Buffer.allocUnsafe(bytes);

  send(message: string | Buffer): void {
    this.transport.send(message);
  }

  throttle(subscription: Subscription): void {
    if (this.hasRoom || this.paused.has(subscription)) return;
    this.paused.add(subscription);
    subscription.pause();
  }

  /** To be called whenever some bytes have left. */
  drained(): void {
    while (this.hasRoom) {
      const next = this.waiting.shift();
      if (!next) break;
      next();
    }
    if (this.paused.size > 0 && this.transport.unsentBytes < this.pauseBytes / 2) this.release();
  }

  whenRoom(then: () => void): void {
    if (this.hasRoom && this.waiting.length === 0) then();
    else this.waiting.push(then);
  }

  private get hasRoom(): boolean {
    return this.transport.unsentBytes < this.pauseBytes;
  }

  release(): void {
    const waiting = [...this.paused];
    this.paused.clear();
    for (const subscription of waiting) subscription.resume();
  }

  isAlive(withinMs: number): Promise<boolean> {
    return this.transport.isAlive?.(withinMs) ?? Promise.resolve(true);
  }

  end(reason: string): void {
    this.transport.close(CloseCode.policy, reason);
  }
}
