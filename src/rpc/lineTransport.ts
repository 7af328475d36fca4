import { isUtf8 } from 'node:buffer';
import type { Readable, Writable } from 'node:stream';
import { LineSplitter, LineTooLongError } from './lineSplitter';
import { CloseCode, type Transport, type TransportEvents } from './transport';

/** After this many milliseconds nothing is waited for any more: the reader of our last messages is stuck. */
const FLUSH_TIMEOUT_MS = 2000;
/** RFC 6455's codes, so that the end of any transport reads alike. */
const NORMAL = 1000;
const BROKEN = 1006;
const LINE_FEED = Buffer.from('\n');

export interface LineTransportOptions {
  /** Who is at the other end, for the log. */
  readonly peerName: string;
  /** Largest message that is taken, in bytes. */
  readonly messageBytes: number;
}

/**
 * One JSON message a line, over two byte streams (docs/protocol/transport.md#stdio): a server's own standard
 * streams, or those of a child that is one. Both streams belong to the transport from then on. The end of the
 * input ends it, once everything that was sent has left.
 */
export class LineTransport implements Transport {
  readonly malformedPrefix = 'failed to parse JSON-RPC message from exec-server stdio';
  readonly peerName: string;
  private readonly lines: LineSplitter;
  private unsent = 0;
  private closing = false;
  private hasEnded = false;
  private flushTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly input: Readable,
    private readonly output: Writable,
    private readonly events: TransportEvents,
    { peerName, messageBytes }: LineTransportOptions,
  ) {
    this.peerName = peerName;
    this.lines = new LineSplitter(messageBytes);
    input.on('data', (chunk: Buffer) => this.take(() => this.lines.push(chunk)));
    input.once('end', () => {
      this.take(() => this.lines.finish());
      this.finish(NORMAL, 'end of input');
    });
    // Without an end before it: the stream was destroyed.
    input.once('close', () => this.finish(BROKEN, 'the input was cut off'));
    input.on('error', (error) => this.drop(BROKEN, `input: ${error.message}`));
    output.on('error', (error) => this.drop(BROKEN, `output: ${error.message}`));
  }

  get unsentBytes(): number {
    return this.unsent;
  }

  /** @param message without a line feed, as JSON.stringify makes it */
  send(message: string | Buffer): void {
    if (this.closing) return;
    const data = typeof message === 'string' ? Buffer.from(message) : message;
    const size = data.length + LINE_FEED.length;
    this.unsent += size;
    // Both leave in one piece, without a copy.
    this.output.cork();
    this.output.write(data);
    this.output.write(LINE_FEED, () => {
      this.unsent -= size;
      if (!this.hasEnded) this.events.drained();
    });
    this.output.uncork();
  }

  setReading(reading: boolean): void {
    if (reading) this.input.resume();
    else this.input.pause();
  }

  close(code: CloseCode, reason: string): void {
    this.finish(code, reason);
  }

  /** Hands over lines until something ends the transport. */
  private take(lines: () => Iterable<Buffer>): void {
    try {
      for (const line of lines()) {
        if (this.closing) return;
        // Nobody can tell where such a line, and so the next one, really ends.
        if (!isUtf8(line)) this.close(CloseCode.protocolError, 'a line is not UTF-8');
        else this.events.message(line);
      }
    } catch (error) {
      if (!(error instanceof LineTooLongError)) throw error;
      this.close(CloseCode.tooBig, error.message);
    }
  }

  /** Sends nothing more; what was sent leaves first, if the reader takes it in time. */
  private finish(code: number, reason: string): void {
    if (this.closing) return;
    this.closing = true;
    // Its reader has gone already, and the stream would never say that it has ended.
    if (this.output.destroyed) return queueMicrotask(() => this.drop(code, reason));
    this.flushTimer = setTimeout(() => this.drop(code, reason), FLUSH_TIMEOUT_MS);
    this.output.end(() => this.drop(code, reason));
  }

  private drop(code: number, reason: string): void {
    this.closing = true;
    clearTimeout(this.flushTimer);
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.input.destroy();
    this.output.destroy();
    this.events.closed(code, reason);
  }
}
