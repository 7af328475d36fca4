import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { Inbox } from './inbox';
import { answerPings, givesSign } from './pings';
import type { Memory } from './memory';
import { CloseCode, type Transport, type TransportEvents } from './transport';
import { Unfinished } from './unfinished';
import { messageOf } from '../values';

/**
 * A larger frame makes the Codex client give up at 16 MiB (docs/protocol/clients.md#codex), so every message
 * is cut into continuation frames of this many bytes.
 */
export const FRAGMENT_BYTES = 1024 * 1024;
/** After this many milliseconds a peer that does not answer our close frame is dropped. */
const CLOSE_TIMEOUT_MS = 2000;
/** Messages up to this size that are sent in one turn leave together; a larger one gains nothing by it. */
const JOIN_BYTES = 16 * 1024;
/** RFC 6455: what stands for a connection that ended without a close frame. */
const NO_CLOSE_FRAME = 1006;
/** RFC 6455: a close frame holds at most 123 bytes of reason. */
const MAX_REASON_BYTES = 123;

/** One accepted WebSocket. */
export class WsTransport implements Transport {
  private unsent = 0;
  private closing = false;
  private hasEnded = false;
  private joining = false;
  /** The owner takes what comes. */
  private isWanted = true;
  /** Messages wait for a turn of their own. */
  private isCrowded = false;
  /** There is no memory for the rest of a message. */
  private isFull = false;
  private readonly sent: (size: number, message?: Buffer) => () => void;

  /** @param memory counts what has come of a message that is not whole yet; without it only the message's size is bounded */
  constructor(
    private readonly socket: WebSocket,
    /** What carries the WebSocket. */
    private readonly carrier: Duplex,
    readonly peerName: string,
    events: TransportEvents,
    memory?: Memory,
  ) {
    if (memory) {
      const wait = (isFull: boolean): void => {
        this.isFull = isFull;
        this.adjustReading();
      };
      new Unfinished(socket, carrier, memory, { wait, giveUp: (error) => this.refuse(error) });
    }
    const inbox = new Inbox(
      (data) => events.message(data),
      (isCrowded) => {
        this.isCrowded = isCrowded;
        this.adjustReading();
      },
    );
    socket.on('message', (data) => inbox.push(asBuffer(data)));
    answerPings(socket);
    // What went wrong (too large, bad frame) also closes the socket, with the fitting code.
    socket.on('error', () => undefined);
    const ended = (code: number, reason: string): void => {
      this.closing = true;
      if (this.hasEnded) return;
      this.hasEnded = true;
      inbox.finish(() => events.closed(code, reason));
    };
    socket.once('close', (code, reason) => ended(code, reason.toString()));
    // Some turns earlier than the above: a client that drops one connection and at once resumes its
    // session on another must not find the old one still there.
    carrier.once('end', () => ended(NO_CLOSE_FRAME, 'dropped by the peer'));
    this.sent = (size, message) => () => {
      this.unsent -= size;
      if (message) events.sent?.(message);
      events.drained();
    };
  }

  get malformedPrefix(): string {
    return `failed to parse websocket JSON-RPC message from exec-server websocket ${this.peerName}`;
  }

  get unsentBytes(): number {
    return this.unsent;
  }

  send(message: string | Buffer): void {
    if (this.closing || this.socket.readyState !== this.socket.OPEN) return;
    const data = typeof message === 'string' ? Buffer.from(message) : message;
    if (data.length <= JOIN_BYTES) this.join();
    let start = 0;
    do {
      const part = data.subarray(start, start + FRAGMENT_BYTES);
      start += FRAGMENT_BYTES;
      this.unsent += part.length;
      const options = { binary: false, compress: false, fin: start >= data.length };
      this.socket.send(part, options, this.sent(part.length, start >= data.length ? data : undefined));
    } while (start < data.length);
  }

  /** Holds back what is sent until the end of this turn, so that it is one write: most of a short message's cost. */
  private join(): void {
    if (this.joining) return;
    this.joining = true;
    this.carrier.cork();
    process.nextTick(() => {
      this.joining = false;
      this.carrier.uncork();
    });
  }

  setReading(reading: boolean): void {
    this.isWanted = reading;
    this.adjustReading();
  }

  private adjustReading(): void {
    if (this.isWanted && !this.isCrowded && !this.isFull) this.socket.resume();
    else if (!this.closing) this.socket.pause();
  }

  isAlive(withinMs: number): Promise<boolean> {
    return givesSign(this.socket, withinMs);
  }

  close(code: CloseCode, reason: string): void {
    if (this.closing) return;
    this.closing = true;
    // A paused socket would never see the peer's close frame.
    this.socket.resume();
    this.socket.close(code, Buffer.from(reason).subarray(0, MAX_REASON_BYTES).toString());
    setTimeout(() => this.socket.terminate(), CLOSE_TIMEOUT_MS).unref();
  }

  /** There is no room for the message that comes. The rest of it is not read, so the peer's close frame is not either. */
  private refuse(error: unknown): void {
    this.close(CloseCode.tooBig, messageOf(error));
    this.socket.pause();
  }
}

function asBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
