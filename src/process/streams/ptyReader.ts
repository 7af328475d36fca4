import { readSync } from 'node:fs';
import type { OnReadOpts, SocketConstructorOpts } from 'node:net';
import { ReadStream } from 'node:tty';
import type { BufferPool } from './bufferPool';
import { systemCode } from '../errors';

/** What the kernel holds ready of a terminal's output; a read gives that much, seldom more. */
const KERNEL_BYTES = 4096;
/** A read that gave about so much was one of many. */
const FULL_BYTES = KERNEL_BYTES - 1;
/**
 * After a full read a thread of the kernel fetches the next one, within 20 µs as a rule. A read before that is done is
 * put to sleep, and waking up takes several times as long (npm run bench -- --only bulk). The longest wait, in ms.
 */
const REFILL_MS = 0.05;
/** After so little there is seldom more, and a read in vain throws: a tenth of what an echoed key costs here. */
const ECHO_BYTES = 256;
/** At the end the kernel holds a few KB only; the bound is against a descendant that goes on for ever. */
const DRAIN_BYTES = 1024 * 1024;
/** How often, and how long each in ms, the end of file is waited for when neither it nor data is there. */
const DRAIN_PAUSES = 5;
const DRAIN_PAUSE_MS = 1;
/** On macOS the end of a terminal is sometimes not told, in gVisor never; then it is asked for this often, in ms. */
const LOOK_MS = 250;

const sleepCell = new Int32Array(new SharedArrayBuffer(4));

/**
 * Reads a terminal's master to its very end, and closes it then, but never before the child has exited:
 * most programs close their output a moment before they exit, and to close the master is to hang up on them.
 */
export class PtyReader {
  readonly #stream: ReadStream;
  /** Where the next read goes: while much comes to a piece of its own, so that it need not be copied. */
  #next: Buffer;
  #ended = false;
  #paused = true;
  #exited = false;
  #look: NodeJS.Timeout | undefined;

  /**
   * @param pendingBytes how much can be read at once, where that can be known
   * @param isLeft whether nobody has the terminal open any more, where its end is never told
   */
  constructor(
    private readonly fd: number,
    private readonly pendingBytes: (() => number) | undefined,
    private readonly isLeft: (() => boolean) | undefined,
    private readonly pool: BufferPool,
    private readonly output: (chunk: Buffer) => void,
    private readonly ended: () => void,
    private readonly closed: () => void,
  ) {
    this.#next = pool.landing;
    // Half open, so that it does not close itself at its end.
    const options: SocketConstructorOpts & { onread: OnReadOpts } = {
      allowHalfOpen: true,
      onread: {
        buffer: () => this.#next,
        callback: (length, memory) => this.#landed(memory as Buffer, length),
      },
    };
    this.#stream = new ReadStream(fd, options);
    this.#stream.on('end', () => this.#end());
    // EIO: on Linux the usual end of a terminal.
    this.#stream.on('error', () => this.#end());
    this.#stream.on('close', () => this.#end());
    // A stream starts to read once by itself, at the first turn in which it flows, even if it is paused by then.
    this.#stream.read(0);
    this.#stream.pause();
  }

  pause(): void {
    this.#paused = true;
    this.#stream.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#stream.resume();
  }

  /** The child has exited; the end is near, unless a descendant has the terminal. */
  childExited(): void {
    this.#exited = true;
    if (this.#ended) this.#close();
    // What it wrote comes before its exit, unless the reader has to wait.
    else if (!this.#paused) this.#readBeside();
    if ((process.platform !== 'darwin' && !this.isLeft) || this.#ended) return;
    this.#look = setInterval(() => {
      if (this.#paused) return;
      // In this order: what was written before the last one left is there by then.
      const isLeft = this.isLeft?.() ?? false;
      if (this.#readBeside() || isLeft) this.cut();
    }, LOOK_MS);
  }

  /** Takes what is there now and closes the terminal. */
  cut(): void {
    if (this.#ended) return;
    this.#stream.pause();
    this.#end(0);
  }

  /** The stream brings one read in each turn of the loop; what else is there now goes into the same chunk. */
  #landed(memory: Buffer, landed: number): boolean {
    const { pool } = this;
    const { length } = this.#readJoined(memory, landed);
    const isMuch = pool.isWorth(length);
    if (memory === pool.landing || !isMuch) this.#copy(memory, length);
    else this.output(memory.subarray(0, length));
    if (memory !== pool.landing) pool.release(memory);
    this.#next = isMuch ? pool.take() : pool.landing;
    return true;
  }

  /** Takes what is there now, in a turn that is not the stream's; answers whether the end was met. */
  #readBeside(): boolean {
    const { landing } = this.pool;
    const { length, atEnd } = this.#readJoined(landing, 0);
    if (length > 0) this.#copy(landing, length);
    return atEnd;
  }

  /** Reads on behind the first `length` bytes of `memory`. */
  #readJoined(memory: Buffer, length: number): { length: number; atEnd: boolean } {
    let atEnd = false;
    let last = length;
    try {
      while (length <= memory.length - KERNEL_BYTES) {
        if (this.pendingBytes) {
          if (last >= FULL_BYTES) waitForRefill(this.pendingBytes);
          else if (length > 0 && length <= ECHO_BYTES && this.pendingBytes() === 0) break;
        }
        const count = readSync(this.fd, memory, length, memory.length - length, null);
        atEnd = count === 0;
        if (atEnd) break;
        length += count;
        last = count;
      }
    } catch (error) {
      atEnd = systemCode(error) === 'EIO';
    }
    return { length, atEnd };
  }

  #copy(memory: Buffer, length: number): void {
    const chunk = this.pool.copy(memory.subarray(0, length));
    this.output(chunk);
    this.pool.release(chunk);
  }

  /**
   * The event loop takes a short read that comes together with the hang-up for the end of file, and a
   * terminal's reads are always short. So the rest is read here, before the descriptor is closed.
   */
  #end(pauses = DRAIN_PAUSES): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#look);
    if (!this.#stream.destroyed) this.#drain(pauses);
    if (this.#exited || this.#stream.destroyed) this.#close();
    this.ended();
  }

  #close(): void {
    this.#stream.destroy();
    this.closed();
  }

  #drain(pauses: number): void {
    for (let taken = 0; taken < DRAIN_BYTES;) {
      const buffer = Buffer.allocUnsafeSlow(4096);
      try {
        const count = readSync(this.fd, buffer, 0, buffer.length, null);
        if (count === 0) return;
        taken += count;
        this.output(buffer.subarray(0, count));
      } catch (error) {
        if (systemCode(error) !== 'EAGAIN' || --pauses < 0) return;
        Atomics.wait(sleepCell, 0, 0, DRAIN_PAUSE_MS);
      }
    }
  }
}

/** Without a sleep, which could not be this short. */
function waitForRefill(pendingBytes: () => number): void {
  for (const end = performance.now() + REFILL_MS; pendingBytes() < FULL_BYTES && performance.now() < end;);
}
