import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ScreenOptions, ScreenReply, ScreenRequest, Snapshot } from '../../screen/messages';

/** Written and not yet taken in: at most this much and one piece. */
const WINDOW_CHARACTERS = 1024 * 1024;

/** Lies beside the bundle that this is in. */
const BUNDLE = 'screen.js';

/** A terminal that nobody sees, in a thread of its own, so that nobody waits for it either. It is loaded when it is needed. */
export class ScreenThread {
  private readonly worker: Worker;
  private outstanding = 0;
  private error: Error | undefined;
  /** Who waits for an answer. */
  private waiting: (() => void)[] = [];
  private shown: Snapshot | undefined;

  constructor(options: ScreenOptions) {
    // Nothing of the host's own start is meant for its threads.
    this.worker = new Worker(join(__dirname, BUNDLE), { workerData: options, execArgv: [] });
    this.worker.on('message', (reply: ScreenReply) => {
      if (reply.type === 'written') this.outstanding -= reply.characters;
      else this.shown = reply;
      this.wake();
    });
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('the thread for screens has ended')));
  }

  /** Resolves when there is room for more. Rejects, as `snapshot`, when the thread has ended. */
  async write(text: string): Promise<void> {
    if (text === '') return;
    this.outstanding += text.length;
    this.post({ type: 'write', text });
    while (this.outstanding >= WINDOW_CHARACTERS) await this.answer();
  }

  resize(cols: number, rows: number): void {
    this.post({ type: 'resize', cols, rows });
  }

  /** How a new terminal gets as far as this one; to be asked for once. */
  async snapshot(): Promise<Snapshot> {
    this.post({ type: 'snapshot' });
    for (;;) {
      const { shown } = this;
      if (shown) return shown;
      await this.answer();
    }
  }

  dispose(): void {
    void this.worker.terminate();
  }

  private post(request: ScreenRequest): void {
    this.worker.postMessage(request);
  }

  private async answer(): Promise<void> {
    if (this.error) throw this.error;
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private fail(error: Error): void {
    this.error ??= error;
    this.wake();
  }

  private wake(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }
}
