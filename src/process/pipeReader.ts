import { readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { isWorthSlab, release, SLAB_BYTES, takeSlab } from './slabs';

/** The most that is taken out of a pipe when it is cut, in bytes: the largest a Linux pipe gets unasked. */
const CUT_BYTES = 1024 * 1024;
const READ_BYTES = 65_536;

/** Reads one stream of a child to its end. */
export class PipeReader {
  #ended = false;

  /**
   * @param socket the reading end, which must not flow yet
   * @param fd its descriptor, where known, so that what is in it at a cut is not lost
   */
  constructor(
    private readonly socket: Readable,
    private readonly fd: number | undefined,
    private readonly output: (chunk: Buffer) => void,
    private readonly ended: () => void,
  ) {
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('end', () => this.#end());
    // A read error is an end like another: there is nobody to give it to but the log's reader.
    socket.on('error', () => this.#end());
    socket.on('close', () => this.#end());
  }

  /** Node reads into new memory, which is cheap as long as it is garbage at once: so large chunks are copied. */
  #read(chunk: Buffer): void {
    if (!isWorthSlab(chunk.length) || chunk.length > SLAB_BYTES) return this.output(chunk);
    const slab = takeSlab();
    chunk.copy(slab);
    this.output(slab.subarray(0, chunk.length));
    release(slab);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** The child has exited: what it wrote comes before that, unless the reader has to wait. */
  childExited(): void {
    if (this.#ended || this.fd === undefined || this.socket.isPaused()) return;
    // What waits in the socket's own buffer comes first, by itself.
    if (!this.socket.destroyed && this.socket.readableLength === 0) this.#readRest(this.fd);
  }

  /** Takes what is there now and closes this end; later writes of whoever holds the other get EPIPE. */
  cut(): void {
    if (this.#ended) return;
    this.socket.pause();
    // Node's own buffer first; read() hands it to the data listener.
    while (!this.socket.destroyed && this.socket.read() !== null);
    if (this.fd !== undefined && !this.socket.destroyed) this.#readRest(this.fd);
    this.socket.destroy();
    this.#end();
  }

  #readRest(fd: number): void {
    try {
      for (let taken = 0; taken < CUT_BYTES;) {
        const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
        const length = readSync(fd, buffer, 0, READ_BYTES, null);
        if (length === 0) return;
        taken += length;
        this.output(length === READ_BYTES ? buffer : Buffer.from(buffer.subarray(0, length)));
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
