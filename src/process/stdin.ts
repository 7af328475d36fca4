import type { StdinPipe } from './child';
import type { WriteStatus } from './types';

/** How many write ids are remembered for each process. */
const KNOWN_IDS = 4096;

/** One order for all writers of a child's stdin, and no write twice. */
export class Stdin {
  /** The answer to each known write id, oldest first. */
  readonly #known = new Map<string, Promise<WriteStatus>>();
  #pipe: StdinPipe | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #open: boolean;

  constructor(pipe: StdinPipe | undefined) {
    this.#pipe = pipe;
    this.#open = pipe !== undefined;
  }

  /** Whether a write has a chance. */
  get open(): boolean {
    return this.#open;
  }

  /**
   * Writes after everything queued before; resolves when the child's pipe took it all, or with
   * `stdinClosed`. A write id that was accepted before writes nothing and gets the same answer.
   */
  write(chunk: Uint8Array, writeId?: string): Promise<WriteStatus> {
    const known = writeId === undefined ? undefined : this.#known.get(writeId);
    if (known) return known;
    const result = this.#queue((pipe) => pipe.write(chunk));
    if (writeId !== undefined) this.#remember(writeId, result);
    return result;
  }

  /** Ends stdin after what is queued; on a terminal that is a Ctrl-D, and it stays open. */
  closeStdin(isTerminal: boolean): Promise<WriteStatus> {
    const result = this.#queue((pipe) => pipe.end());
    if (!isTerminal) this.#open = false;
    return result;
  }

  /** The child ended: whatever still waits is answered `stdinClosed`. */
  destroy(): void {
    this.#open = false;
    this.#pipe?.destroy();
    this.#pipe = undefined;
  }

  #queue(act: (pipe: StdinPipe) => Promise<boolean>): Promise<WriteStatus> {
    const pipe = this.#pipe;
    if (!pipe || !this.#open) return Promise.resolve('stdinClosed');
    const result = this.#last.then(async (): Promise<WriteStatus> => {
      return (await act(pipe)) ? 'accepted' : 'stdinClosed';
    });
    this.#last = result;
    return result;
  }

  #remember(writeId: string, result: Promise<WriteStatus>): void {
    this.#known.set(writeId, result);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KNOWN_IDS) break;
      this.#known.delete(oldest);
    }
    void result.then((status) => {
      // It was not written, so it may be tried again.
      if (status !== 'accepted' && this.#known.get(writeId) === result) this.#known.delete(writeId);
    });
  }
}
