import type { Readable } from 'node:stream';
import { bodyFault } from './body/bodyFault';
import type { Lifetime } from './lifetime';

/** The most that one delta carries, in bytes. */
const MAX_DELTA_BYTES = 1024 * 1024;

/** A part of a streamed body. The last one has no bytes, `done`, and an error if the body is not whole. */
export interface BodyDelta {
  /** 1, 2, 3 … */
  readonly seq: number;
  readonly chunk: Buffer;
  readonly done: boolean;
  readonly error: string | null;
}

/**
 * A response's body on its way to a client. Silent until the first `resume`, so that the response can go
 * out first. While it is paused the server is not read from; what had arrived is kept and none of it lost.
 */
export class HttpStream {
  private readonly waiting: Buffer[] = [];
  private letGo: () => void = () => undefined;
  private seq = 0;
  private paused = true;
  private flushing = false;
  private disposed = false;
  /** Set when no more bytes will come: null for a whole body, else what went wrong. */
  private fault: string | null | undefined;

  /**
   * @param lifetime ends the body when it is over; is disposed with the stream
   * @param onDelta may pause the stream
   * @param onOver called once, before the last delta, or when the stream is disposed of earlier
   */
  constructor(
    private readonly body: Readable,
    private readonly lifetime: Lifetime,
    private readonly onDelta: (delta: BodyDelta, stream: HttpStream) => void,
    private readonly onOver: () => void,
  ) {
    body.on('data', this.take);
    body.once('end', () => this.finish(null));
    body.once('error', (error) => this.breakOff(error));
    body.once('close', () => this.breakOff(new Error('the body was closed')));
    body.pause();
    this.letGo = lifetime.onEnd((reason) => {
      // First, because the body's own error says less.
      this.breakOff(reason);
      body.destroy();
    });
  }

  pause(): void {
    this.paused = true;
    this.body.pause();
  }

  resume(): void {
    this.paused = false;
    this.flush();
  }

  /** Hangs up on the server. There will be no further delta, not even a last one. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.letGo();
    this.lifetime[Symbol.dispose]();
    this.waiting.length = 0;
    this.body.destroy();
    this.onOver();
  }

  private readonly take = (chunk: Buffer): void => {
    this.keep(chunk);
    this.flush();
  };

  private keep(chunk: Buffer): void {
    for (let start = 0; start < chunk.length; start += MAX_DELTA_BYTES) {
      this.waiting.push(chunk.subarray(start, start + MAX_DELTA_BYTES));
    }
  }

  private breakOff(error: Error): void {
    if (this.fault !== undefined || this.disposed) return;
    // What arrived before the break still counts. Without a listener it comes by one way only.
    this.body.off('data', this.take);
    for (let chunk = this.readRest(); chunk; chunk = this.readRest()) this.keep(chunk);
    this.finish(bodyFault(error));
  }

  private readRest(): Buffer | null {
    return this.body.read() as Buffer | null;
  }

  private finish(fault: string | null): void {
    if (this.fault !== undefined || this.disposed) return;
    this.fault = fault;
    // No time limit can spoil a body that is here already.
    this.letGo();
    this.flush();
  }

  private flush(): void {
    // A listener that resumes the stream must not come before itself.
    if (this.flushing) return;
    this.flushing = true;
    while (!this.paused && !this.disposed && this.waiting.length > 0) {
      this.emit(this.waiting.shift() ?? Buffer.alloc(0), false, null);
    }
    this.flushing = false;
    if (this.paused || this.disposed) return;
    if (this.fault === undefined) this.body.resume();
    else this.close(this.fault);
  }

  private close(fault: string | null): void {
    this.dispose();
    this.emit(Buffer.alloc(0), true, fault);
  }

  private emit(chunk: Buffer, done: boolean, error: string | null): void {
    this.seq += 1;
    this.onDelta({ seq: this.seq, chunk, done, error }, this);
  }
}
