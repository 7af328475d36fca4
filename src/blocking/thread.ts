import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import { listCalls } from './listCalls';
import { treeCalls } from './treeCalls';
import { threadMain, type ErrorParts, type ThreadAnswer, type ThreadCall } from './threadMain';

/** Milliseconds without work after which a thread ends and gives its memory back. */
const IDLE_MS = 30_000;

/** Some compilers wrap functions in a helper of this name, which the text of a function lacks. */
const SOURCE = `
  const __name = (value) => value;
  const fs = require('node:fs');
  const own = { ...(${listCalls.toString()})(fs), ...(${treeCalls.toString()})(fs) };
  (${threadMain.toString()})(fs, require('node:worker_threads').parentPort, own);
`;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

function toError({ message, ...members }: ErrorParts): Error {
  return Object.assign(new Error(message), members);
}

/**
 * A thread that makes one blocking call at a time. It keeps the process alive only while one is under way. Emits `ready`
 * once when it has started, and `end` once when it is gone: after a time without work, or because of the error.
 */
export class Thread extends EventEmitter<{ ready: []; end: [error?: Error] }> {
  private readonly worker: Worker;
  private pending: Pending | undefined;
  private idle: NodeJS.Timeout | undefined;
  private error: Error | undefined;
  private isEnding = false;

  /**
   * Starts the thread.
   *
   * @throws Error if the system has none to give
   */
  constructor() {
    super();
    // Nothing of the host's own start, such as a debugger's port, is meant for its threads.
    // Descriptors opened here belong to the whole process.
    this.worker = new Worker(SOURCE, { eval: true, execArgv: [], trackUnmanagedFds: false });
    this.worker.once('online', () => this.emit('ready'));
    this.worker.on('message', (answer: ThreadAnswer) => {
      const pending = this.settle();
      if ('value' in answer) pending?.resolve(answer.value);
      else pending?.reject(toError(answer.error));
    });
    this.worker.once('error', (error) => (this.error = error));
    this.worker.once('exit', () => {
      clearTimeout(this.idle);
      this.settle()?.reject(this.error ?? new Error('the thread for file operations has ended'));
      this.emit('end', this.error);
    });
    this.rest();
  }

  get isIdle(): boolean {
    return this.pending === undefined && !this.isEnding;
  }

  /** Makes the call; only one at a time. Rejects with what the call throws. */
  run(call: ThreadCall): Promise<unknown> {
    clearTimeout(this.idle);
    this.worker.ref();
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject };
      this.worker.postMessage(call);
    });
  }

  private settle(): Pending | undefined {
    const { pending } = this;
    this.pending = undefined;
    if (pending) this.rest();
    return pending;
  }

  private rest(): void {
    this.worker.unref();
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      this.isEnding = true;
      void this.worker.terminate();
    }, IDLE_MS).unref();
  }
}
