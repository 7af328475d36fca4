import { closeSync, constants, mkdtempSync, openSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FifoMaker } from './fifoMaker';
import { errorCode } from './spawnError';

/** Both ends of a pipe as file descriptors, blocking and closed on exec. */
export interface Pipe {
  readonly readFd: number;
  readonly writeFd: number;
}

/** In memory, where a system has it: on a disk, names that come and go by the hundred slow each other down. */
const MEMORY_FOLDER = '/dev/shm';
/** Made at once: 64 take 4 ms, nearly all of it the start of one program. */
const BATCH = 64;
/** Below this the next batch is made in the background; a process takes two or three. */
const LOW_WATER = 16;
/** Opening takes 40 µs each, in which nothing else happens. */
const LARGEST_BATCH = 256;
/** After a failure; a full disk may pass, and a missing program costs little to ask for again. */
const RETRY_AFTER_MS = 60_000;

/**
 * Real pipes. Node's own are socket pairs, and a child cannot open those again, so `echo x > /dev/stderr`
 * fails; nor can Node make a pipe. A FIFO that is opened at both ends and unlinked is one.
 */
export class PipePool {
  readonly #ready: Pipe[] = [];
  #refilling: Promise<boolean> | undefined;
  #wanted = 0;
  /** Until when, on Date's clock, no attempt is made; for ever on Windows, which has no FIFOs. */
  #unavailableUntil = process.platform === 'win32' ? Infinity : 0;
  #disposed = false;
  /** Where a batch is being made. */
  #folder: string | undefined;
  #maker: FifoMaker | undefined;

  /**
   * @param program what makes FIFOs of the names given as arguments
   * @param folder where they have those for a moment; the temporary folder if it cannot be used
   */
  constructor(
    private readonly program = 'mkfifo',
    private readonly folder = MEMORY_FOLDER,
  ) {}

  /**
   * Takes `count` pipes, which are then the caller's to close. Resolves with undefined where there are none
   * to be had; rejects with the system's error when descriptors have run out.
   */
  async take(count: number): Promise<Pipe[] | undefined> {
    this.#disposed = false;
    this.#wanted += count;
    try {
      while (this.#ready.length < count) {
        if (this.#unavailable() || !(await this.#refill())) return undefined;
      }
      return this.#ready.splice(-count);
    } finally {
      this.#wanted -= count;
      if (!this.#unavailable() && this.#ready.length < LOW_WATER) void this.#refill().catch(() => undefined);
    }
  }

  /** Makes the first batch ahead of need; never fails. */
  async warm(): Promise<void> {
    this.#disposed = false;
    if (!this.#unavailable() && this.#ready.length === 0) await this.#refill().catch(() => false);
  }

  /** Closes what nobody took, a batch under way included. The pool fills again when asked again. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#refilling?.catch(() => undefined);
    this.#closeAll();
  }

  /** The same for a moment in which nothing can be waited for: leaves no folder behind. */
  disposeNow(): void {
    this.#disposed = true;
    this.#closeAll();
    this.#maker?.end();
    this.#removeFolder();
  }

  #removeFolder(): void {
    if (this.#folder === undefined) return;
    try {
      // Retried, because a program that was killed may need a moment to die.
      rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 2 });
    } catch {
      // An empty folder more in the temporary files is no reason to fail.
    }
    this.#folder = undefined;
  }

  #closeAll(): void {
    for (const pipe of this.#ready.splice(0)) closePipe(pipe);
  }

  #unavailable(): boolean {
    return Date.now() < this.#unavailableUntil;
  }

  #refill(): Promise<boolean> {
    this.#refilling ??= this.#makeBatch(Math.min(Math.max(BATCH, this.#wanted), LARGEST_BATCH)).finally(
      () => {
        this.#refilling = undefined;
        if (this.#disposed) this.#closeAll();
      },
    );
    return this.#refilling;
  }

  async #makeBatch(count: number): Promise<boolean> {
    try {
      const folder = makeFolder(this.folder);
      this.#folder = folder;
      const paths = Array.from({ length: count }, (_, index) => join(folder, String(index)));
      this.#maker = new FifoMaker(this.program, folder, paths);
      await this.#maker.made();
      for (const path of paths) this.#ready.push(openFifo(path));
      return true;
    } catch (error) {
      if (errorCode(error) === 'EMFILE' || errorCode(error) === 'ENFILE') throw error;
      if (!this.#disposed) this.#unavailableUntil = Date.now() + RETRY_AFTER_MS;
      return false;
    } finally {
      // In this turn, because starts wait for us; all that is left in it is what a failure left.
      this.#removeFolder();
      this.#maker?.end();
      this.#maker = undefined;
    }
  }
}

/** Mode 0700: nobody else can open a FIFO in the moment in which it has a name. */
function makeFolder(place: string): string {
  try {
    return mkdtempSync(join(place, 'exec-server-'));
  } catch {
    return mkdtempSync(join(tmpdir(), 'exec-server-'));
  }
}

/** Closes both ends. */
export function closePipe(pipe: Pipe): void {
  closeSync(pipe.readFd);
  closeSync(pipe.writeFd);
}

function openFifo(path: string): Pipe {
  const opened: number[] = [];
  const open = (flags: number): number => {
    const fd = openSync(path, flags);
    opened.push(fd);
    return fd;
  };
  try {
    // Without O_NONBLOCK each end would wait for the other one; once both exist, a blocking one opens at once.
    const first = open(constants.O_RDONLY | constants.O_NONBLOCK);
    const writeFd = open(constants.O_WRONLY);
    const readFd = open(constants.O_RDONLY);
    closeSync(first);
    return { readFd, writeFd };
  } catch (error) {
    for (const fd of opened) closeSync(fd);
    throw error;
  } finally {
    unlinkSync(path);
  }
}
