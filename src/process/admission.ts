import { setTimeout as sleep } from 'node:timers/promises';
import { LimitError, SpawnError } from './errors';

const CLOSED = 'The exec server is shutting down and starts nothing new.';

/** Who may start: nobody during a shutdown, and never more than the table has room for. */
export class Admission {
  readonly #starting = new Set<Promise<unknown>>();
  /** Nothing new starts. */
  isClosed = false;

  /**
   * @param running how many run, those that are only being started not counted
   * @param maxProcesses the most that may run
   */
  constructor(
    private readonly running: () => number,
    private readonly maxProcesses: () => number,
  ) {}

  /**
   * Lets `start` begin, in this turn. Rejects with what it rejects with, with a SpawnError during a shutdown, and with a
   * LimitError where there is no room.
   */
  async admit<T>(start: () => Promise<T>): Promise<T> {
    this.check();
    this.#checkRoom();
    const starting = start();
    this.#starting.add(starting);
    try {
      return await starting;
    } finally {
      this.#starting.delete(starting);
    }
  }

  /** @throws SpawnError during a shutdown */
  check(): void {
    if (this.isClosed) throw new SpawnError(CLOSED);
  }

  /** Resolves when all that is being started has come to something, after `ms` at the latest: a start elsewhere may hang. */
  async settled(ms: number): Promise<void> {
    await Promise.race([Promise.allSettled(this.#starting), sleep(ms, undefined, { ref: false })]);
  }

  #checkRoom(): void {
    const most = this.maxProcesses();
    if (this.running() + this.#starting.size < most) return;
    throw new LimitError(
      'maxProcesses',
      `${most} processes are running, which is the limit (maxProcesses). ` +
        'Stop some of them, or raise the limit.',
    );
  }
}
