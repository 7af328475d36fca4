import type { Duplex } from 'node:stream';
import { asError } from '../values';
import { frameHead, FrameSplitter } from './frames';

/** The other side may be stuck; so long after the end nothing is waited for, in ms. */
const CLOSE_MS = 1000;

/** What is told of a channel. */
export interface ChannelEvents<Message> {
  /** @param body is overwritten by whoever takes a secret out of it */
  message(message: Message, body: Buffer): void;
  /** Nothing more comes. Once. */
  closed(): void;
}

const NO_BYTES = Buffer.alloc(0);

/** Messages with bytes, between a window and the server that is kept for it. Both ends are of one version. */
export class Channel<Sent, Received> {
  /** Nothing may be written any more. */
  private isEnding = false;
  private readonly gone: Promise<void>;
  private readonly whenDrained = new Set<() => void>();

  /** @param stream the channel's from now on; may be paused */
  constructor(
    private readonly stream: Duplex,
    events: ChannelEvents<Received>,
  ) {
    const frames = new FrameSplitter();
    stream.on('data', (chunk: Buffer) => {
      try {
        for (const { head, body } of frames.push(chunk)) events.message(head as Received, body);
      } catch (error) {
        stream.destroy(asError(error));
      }
    });
    stream.on('drain', () => this.release());
    stream.on('error', () => stream.destroy());
    stream.once('end', () => this.finish());
    this.gone = new Promise((resolve) => {
      stream.once('close', () => {
        this.isEnding = true;
        this.release();
        events.closed();
        resolve();
      });
    });
    stream.resume();
  }

  /**
   * Sends a message; nothing once the channel has ended.
   *
   * @param body not to be changed before `left`
   * @param left called when it has left, or never will
   */
  send(message: Sent, body: Uint8Array = NO_BYTES, left?: () => void): void {
    if (this.isEnding) return left?.();
    const head = frameHead(message, body.length);
    this.stream.cork();
    this.stream.write(head);
    this.stream.write(body, () => left?.());
    this.stream.uncork();
  }

  /** Resolves when there is room for more, or the channel has ended. */
  async drained(): Promise<void> {
    if (this.isEnding || !this.stream.writableNeedDrain) return;
    await new Promise<void>((resolve) => this.whenDrained.add(resolve));
  }

  /** While it is held back nothing is read, so that the other side waits. */
  holdBack(held: boolean): void {
    if (held) this.stream.pause();
    else this.stream.resume();
  }

  /** Ends it once what was sent has left. Resolves when it has ended. */
  async close(): Promise<void> {
    this.finish();
    // What the other side still sends is of no interest, and keeps the end from being seen.
    this.stream.resume();
    const timer = setTimeout(() => this.stream.destroy(), CLOSE_MS);
    await this.gone;
    clearTimeout(timer);
  }

  private finish(): void {
    this.isEnding = true;
    this.stream.end();
    this.release();
  }

  private release(): void {
    const waiting = [...this.whenDrained];
    this.whenDrained.clear();
    for (const resolve of waiting) resolve();
  }
}
