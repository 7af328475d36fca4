import type { StdinPipe } from '../child';
import type { WriteStatus } from '../types';
import { KnownWrites } from './knownWrites';

/**
 * Who writes: only what agents write is ever held. A terminal answers what its program asks it. `secret`: a person, where
 * it is not to be seen.
 */
export type Writer = 'agent' | 'person' | 'secret' | 'terminal';

/** One thing to do with the pipe. */
interface Task {
  readonly act: (pipe: StdinPipe) => Promise<boolean>;
  readonly by: Writer;
  readonly bytes: number;
  readonly ends: boolean;
  readonly settle: { resolve(status: WriteStatus): void; reject(error: unknown): void };
}

/** One order for all writers of a child's stdin, and no write twice. What agents write may be held. */
export class Stdin {
  readonly #known = new KnownWrites();
  #pipe: StdinPipe | undefined;
  /** Oldest first. */
  readonly #queue: Task[] = [];
  #waitingBytes = 0;
  #busy = false;
  #open: boolean;
  #written = false;

  /**
   * @param held whether what agents write waits; asked before each of their writes
   * @param typed called when the child has taken so many bytes of somebody
   */
  constructor(
    pipe: StdinPipe | undefined,
    private readonly held: () => boolean = () => false,
    private readonly typed: (by: Writer, bytes: number) => void = () => undefined,
  ) {
    this.#pipe = pipe;
    this.#open = pipe !== undefined;
  }

  /** Whether a write has a chance; a person's has one while an agent's end of input is held. */
  get open(): boolean {
    return this.#open || (this.#queue.some(({ ends }) => ends) && this.held());
  }

  /** Whether anything was ever written to it. */
  get written(): boolean {
    return this.#written;
  }

  /** What agents wrote and nobody has taken yet, in bytes. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Whether anything of agents waits, be it the end of input alone. */
  get anyWaits(): boolean {
    return this.#queue.some(({ by }) => by === 'agent');
  }

  /**
   * An agent writes, after everything queued before; resolves when the child's pipe took it all, or with
   * `stdinClosed`. Rejects with the words of another host that refuses it. A write id that was accepted before writes
   * nothing and gets the same answer.
   */
  write(chunk: Uint8Array, writeId?: string): Promise<WriteStatus> {
    return this.#known.once(writeId, () => {
      if (!this.#open) return Promise.resolve('stdinClosed');
      this.#written = true;
      return this.#add({ act: (pipe) => pipe.write(chunk), by: 'agent', bytes: chunk.length, ends: false });
    });
  }

  /** A person or a terminal writes: as `write`, and never held. */
  type(chunk: Uint8Array, by: Exclude<Writer, 'agent'>): Promise<WriteStatus> {
    if (!this.open) return Promise.resolve('stdinClosed');
    this.#written = true;
    return this.#add({ act: (pipe) => pipe.write(chunk), by, bytes: chunk.length, ends: false });
  }

  /** Ends stdin after what is queued; on a terminal that is a Ctrl-D, and it stays open. */
  closeStdin(isTerminal: boolean, by: Writer = 'agent'): Promise<WriteStatus> {
    if (by === 'agent' ? !this.#open : !this.open) return Promise.resolve('stdinClosed');
    const result = this.#add({ act: (pipe) => pipe.end(), by, bytes: 0, ends: true });
    if (isTerminal) return result;
    this.#open = false;
    // A host that cannot end it goes on taking writes.
    result.catch(() => (this.#open = this.#pipe !== undefined));
    return result;
  }

  /** What was held goes on, if it is held no more. */
  go(): void {
    if (this.#busy || !this.#pipe) return;
    const at = this.held() ? this.#queue.findIndex(({ by }) => by !== 'agent') : 0;
    const [task] = at < 0 ? [] : this.#queue.splice(at, 1);
    if (!task) return;
    if (task.by === 'agent') this.#waitingBytes -= task.bytes;
    void this.#run(task, this.#pipe);
  }

  /** The child ended: whatever still waits is answered `stdinClosed`. */
  destroy(): void {
    this.#open = false;
    this.#pipe?.destroy();
    this.#pipe = undefined;
    this.#waitingBytes = 0;
    for (const { settle } of this.#queue.splice(0)) settle.resolve('stdinClosed');
  }

  #add(task: Omit<Task, 'settle'>): Promise<WriteStatus> {
    if (!this.#pipe) return Promise.resolve('stdinClosed');
    return new Promise((resolve, reject) => {
      // The task last: put first it takes V8 ten times as long.
      this.#queue.push({ settle: { resolve, reject }, ...task });
      if (task.by === 'agent') this.#waitingBytes += task.bytes;
      this.go();
    });
  }

  async #run({ act, by, bytes, settle }: Task, pipe: StdinPipe): Promise<void> {
    this.#busy = true;
    try {
      const taken = await act(pipe);
      if (taken && bytes > 0) this.typed(by, bytes);
      settle.resolve(taken ? 'accepted' : 'stdinClosed');
    } catch (error) {
      settle.reject(error);
    }
    this.#busy = false;
    this.go();
  }
}
