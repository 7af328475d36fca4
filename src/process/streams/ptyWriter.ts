import { writeSync } from 'node:fs';
import type { StdinPipe } from '../child';
import { systemCode } from '../errors';

/**
 * How long to wait, in ms, when the terminal takes nothing: it holds 4 KB, and nothing that Node has tells
 * when there is room again. Doubled with each vain attempt, so that a child that never reads costs little.
 */
const FIRST_WAIT_MS = 1;
const LONGEST_WAIT_MS = 32;

/** Ctrl-D: end of file for a program that reads lines from a terminal. */
const END_OF_FILE = Uint8Array.of(4);

/** Writes to a terminal's master without ever blocking. */
export class PtyWriter implements StdinPipe {
  #waiting: { timer: NodeJS.Timeout; give: (taken: boolean) => void } | undefined;
  #destroyed = false;

  /** @param fd the master, which must not block */
  constructor(private readonly fd: number) {}

  async write(chunk: Uint8Array): Promise<boolean> {
    let offset = 0;
    let waitMs = FIRST_WAIT_MS;
    while (offset < chunk.length) {
      if (this.#destroyed) return false;
      const count = this.#writeSome(chunk, offset);
      if (count < 0) return false;
      offset += count;
      if (count > 0) {
        waitMs = FIRST_WAIT_MS;
      } else {
        if (!(await this.#room(waitMs))) return false;
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      }
    }
    return !this.#destroyed;
  }

  end(): Promise<boolean> {
    return this.write(END_OF_FILE);
  }

  destroy(): void {
    this.#destroyed = true;
    clearTimeout(this.#waiting?.timer);
    this.#waiting?.give(false);
    this.#waiting = undefined;
  }

  /** How many bytes went; 0 if there is no room now, negative if there never will be. */
  #writeSome(chunk: Uint8Array, offset: number): number {
    try {
      return writeSync(this.fd, chunk, offset);
    } catch (error) {
      return systemCode(error) === 'EAGAIN' ? 0 : -1;
    }
  }

  #room(waitMs: number): Promise<boolean> {
    return new Promise((give) => {
      const timer = setTimeout(() => {
        this.#waiting = undefined;
        give(true);
      }, waitMs);
      this.#waiting = { timer, give };
    });
  }
}
