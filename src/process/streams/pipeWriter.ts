import type { Writable } from 'node:stream';
import type { StdinPipe } from '../child';

/** The writing end of a child's stdin pipe. */
export class PipeWriter implements StdinPipe {
  readonly #pending = new Set<(taken: boolean) => void>();

  constructor(private readonly stream: Writable) {
    // EPIPE when the child has closed its end: the write under way is answered by its own callback.
    stream.on('error', () => undefined);
    stream.on('close', () => this.#giveUp());
  }

  write(chunk: Uint8Array): Promise<boolean> {
    return this.#settle((done) => this.stream.write(chunk, (error) => done(!error)));
  }

  end(): Promise<boolean> {
    return this.#settle((done) => this.stream.end(() => done(true)));
  }

  destroy(): void {
    this.stream.destroy();
    this.#giveUp();
  }

  #settle(act: (done: (taken: boolean) => void) => void): Promise<boolean> {
    if (this.stream.destroyed || this.stream.writableEnded) return Promise.resolve(false);
    return new Promise((resolve) => {
      const done = (taken: boolean): void => {
        this.#pending.delete(done);
        resolve(taken);
      };
      this.#pending.add(done);
      act(done);
    });
  }

  #giveUp(): void {
    for (const done of [...this.#pending]) done(false);
  }
}
