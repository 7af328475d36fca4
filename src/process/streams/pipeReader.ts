import { readSync } from 'node:fs';
import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net';
import type { Readable } from 'node:stream';
import type { BufferPool } from './bufferPool';

/** The most that is taken out of a pipe when it is cut, in bytes: the largest a Linux pipe gets unasked. */
const CUT_BYTES = 1024 * 1024;

/** Reads one stream of a child to its end. */
export class PipeReader {
  readonly #fd: number | undefined;
  readonly #socket: Readable;
  /** Where the next read goes: while much comes to a piece of its own, so that it need not be copied. */
  #next: Buffer;
  #ended = false;

  /** @param from the reading end: its descriptor, which is the reader's from now on, or a stream that does not flow yet */
  constructor(
    from: number | Readable,
    private readonly pool: BufferPool,
    private readonly output: (chunk: Buffer) => void,
    private readonly ended: () => void,
  ) {
    this.#next = pool.landing;
    this.#fd = typeof from === 'number' ? from : undefined;
    this.#socket = typeof from === 'number' ? this.#open(from) : from;
    this.#socket.on('data', (chunk: Buffer) => this.#copy(chunk));
    this.#socket.on('end', () => this.#end());
    // A read error is an end like another: there is nobody to give it to but the log's reader.
    this.#socket.on('error', () => this.#end());
    this.#socket.on('close', () => this.#end());
  }

  /** A socket that has no 'data': new memory for each read would be garbage, see BufferPool. */
  #open(fd: number): Socket {
    const options: SocketConstructorOpts & { onread: OnReadOpts } = {
      fd,
      readable: true,
      writable: false,
      onread: {
        buffer: () => this.#next,
        callback: (length, buffer) => {
          this.#take(buffer as Buffer, length);
          return true;
        },
      },
    };
    return new Socket(options);
  }

  /** What was read, and where the next read goes. */
  #take(memory: Buffer, length: number): void {
    const { pool } = this;
    const chunk = memory.subarray(0, length);
    if (memory === pool.landing || !pool.isWorth(length)) this.#copy(chunk);
    else this.output(chunk);
    if (memory !== pool.landing) pool.release(memory);
    this.#next = pool.isWorth(length) ? pool.take() : pool.landing;
  }

  #copy(chunk: Buffer): void {
    const copy = this.pool.copy(chunk);
    this.output(copy);
    this.pool.release(copy);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** The child has exited: what it wrote comes before that, unless the reader has to wait. */
  childExited(): void {
    if (this.#ended || this.#fd === undefined || this.#socket.isPaused()) return;
    if (!this.#socket.destroyed) this.#readRest(this.#fd);
  }

  /** Takes what is there now and closes this end; later writes of whoever holds the other get EPIPE. */
  cut(): void {
    if (this.#ended) return;
    this.#socket.pause();
    // Node's own buffer first; read() hands it to the data listener.
    while (!this.#socket.destroyed && this.#socket.read() !== null);
    if (this.#fd !== undefined && !this.#socket.destroyed) this.#readRest(this.#fd);
    this.#socket.destroy();
    this.#end();
  }

  #readRest(fd: number): void {
    const { landing } = this.pool;
    try {
      for (let taken = 0; taken < CUT_BYTES;) {
        const length = readSync(fd, landing, 0, landing.length, null);
        if (length === 0) return;
        taken += length;
        this.#copy(landing.subarray(0, length));
      }
    } catch {
      // EAGAIN: empty, though somebody still holds the other end.
    }
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.ended();
  }
}
