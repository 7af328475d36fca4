import { readSync } from 'node:fs';
import type { OnReadOpts, SocketConstructorOpts } from 'node:net';
import { ReadStream } from 'node:tty';
import { isWorthSlab, release, SLAB_BYTES, takeSlab } from './slabs';
import { errorCode } from './spawnError';

/** What the kernel holds ready of a terminal's output; a read gives that much, seldom more. */
const KERNEL_BYTES = 4096;
/** A read that gave about so much was one of many. */
const FULL_BYTES = KERNEL_BYTES - 1;
/** Reads are joined up to this many bytes. */
const JOIN_BYTES = SLAB_BYTES;
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
/** On macOS the end of a terminal is sometimes not told; then it is asked for this often, in ms. */
const DARWIN_LOOK_MS = 250;

/** Shared by all readers: each takes out what it read before anything else happens. */
let scratch = takeSlab();
/** Where streams read to, without a buffer of their own; what comes is taken out at once. */
const landing = Buffer.allocUnsafeSlow(KERNEL_BYTES);
const sleepCell = new Int32Array(new SharedArrayBuffer(4));

/**
 * Reads a terminal's master to its very end, and closes it then, but never before the child has exited:
 * most programs close their output a moment before they exit, and to close the master is to hang up on them.
 */
export class PtyReader {
  readonly #stream: ReadStream;
  #ended = false;
  #paused = true;
  #exited = false;
  #look: NodeJS.Timeout | undefined;

  /** @param pendingBytes how much can be read at once, where that can be known */
  constructor(
    private readonly fd: number,
    private readonly pendingBytes: (() => number) | undefined,
    private readonly output: (chunk: Buffer) => void,
    private readonly ended: () => void,
    private readonly closed: () => void,
  ) {
    // Half open, so that it does not close itself at its end.
    const options: SocketConstructorOpts & { onread: OnReadOpts } = {
      allowHalfOpen: true,
      onread: { buffer: landing, callback: (length) => this.#landed(length) },
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
    else if (!this.#paused) this.#readJoined(0);
    if (process.platform !== 'darwin' || this.#ended) return;
    this.#look = setInterval(() => {
      if (!this.#paused && this.#readJoined(0)) this.cut();
    }, DARWIN_LOOK_MS);
  }

  /** Takes what is there now and closes the terminal. */
  cut(): void {
    if (this.#ended) return;
    this.#stream.pause();
    this.#end(0);
  }

  /** The stream brings one read in each turn of the loop; what else is there now goes into the same chunk. */
  #landed(length: number): boolean {
    landing.copy(scratch, 0, 0, length);
    this.#readJoined(length);
    return true;
  }

  /** Reads on behind the first `length` bytes of the scratch; answers whether the end was met. */
  #readJoined(length: number): boolean {
    let atEnd = false;
    let last = length;
    try {
      while (length <= JOIN_BYTES - KERNEL_BYTES) {
        if (this.pendingBytes) {
          if (last >= FULL_BYTES) waitForRefill(this.pendingBytes);
          else if (length > 0 && length <= ECHO_BYTES && this.pendingBytes() === 0) break;
        }
        const count = readSync(this.fd, scratch, length, JOIN_BYTES - length, null);
        atEnd = count === 0;
        if (atEnd) break;
        length += count;
        last = count;
      }
    } catch (error) {
      atEnd = errorCode(error) === 'EIO';
    }
    if (length > 0) this.#take(length);
    return atEnd;
  }

  #take(length: number): void {
    const chunk = takeScratch(length);
    this.output(chunk);
    release(chunk);
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
        if (errorCode(error) !== 'EAGAIN' || --pauses < 0) return;
        Atomics.wait(sleepCell, 0, 0, DRAIN_PAUSE_MS);
      }
    }
  }
}

/** Without a sleep, which could not be this short. */
function waitForRefill(pendingBytes: () => number): void {
  for (const end = performance.now() + REFILL_MS; pendingBytes() < FULL_BYTES && performance.now() < end;);
}

/** The first `length` bytes of the scratch: a copy, or when it is nearly full the scratch itself. */
function takeScratch(length: number): Buffer {
  if (!isWorthSlab(length)) return Buffer.from(scratch.subarray(0, length));
  const full = scratch.subarray(0, length);
  scratch = takeSlab();
  return full;
}
