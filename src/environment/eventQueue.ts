import type { ExecProcessEvent } from '../model';
import { EventDeque } from './eventDeque';

/** Output that may wait for one slow subscriber, in bytes. */
const MAX_LAG_BYTES = 16 * 1024 * 1024;
/** Events that may wait for one slow subscriber, because a small one costs more than its bytes. */
const MAX_LAG_EVENTS = 50_000;

/** The events of one process for one subscriber; it ends with `closed` or `failed`. */
export class EventQueue implements AsyncIterableIterator<ExecProcessEvent> {
  readonly #waiting = new EventDeque();
  readonly #takers: ((result: IteratorResult<ExecProcessEvent>) => void)[] = [];
  #lastSeq = 0;
  #ended = false;
  /** Stops the source. */
  #stop: () => void = () => undefined;

  /**
   * @param subscribe hands over retained events, at once and in order, and later ones as they happen; returns the way
   *   to stop
   * @param droppedBytes what is missing before the first retained event
   */
  constructor(
    subscribe: (listener: (event: ExecProcessEvent) => void) => () => void,
    private readonly droppedBytes: number,
  ) {
    const stop = subscribe((event) => this.#push(event));
    if (this.#ended) stop();
    else this.#stop = stop;
  }

  next(): Promise<IteratorResult<ExecProcessEvent>> {
    const event = this.#waiting.shift();
    if (event) return Promise.resolve({ value: event, done: false });
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  return(): Promise<IteratorResult<ExecProcessEvent>> {
    this.#waiting.clear();
    this.#end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #push(event: ExecProcessEvent): void {
    if (this.#ended) return;
    if (event.type !== 'failed') {
      const missing = event.seq - 1 > this.#lastSeq;
      const bytes = this.#lastSeq === 0 && this.droppedBytes > 0 ? this.droppedBytes : null;
      if (missing && event.type !== 'dropped') this.#deliver({ type: 'dropped', seq: event.seq - 1, bytes });
      this.#lastSeq = event.seq;
    }
    this.#deliver(event);
    if (event.type === 'closed' || event.type === 'failed') this.#end();
  }

  #deliver(event: ExecProcessEvent): void {
    const taker = this.#takers.shift();
    if (taker) return taker({ value: event, done: false });
    this.#waiting.push(event);
    while (this.#waiting.bytes > MAX_LAG_BYTES || this.#waiting.length > MAX_LAG_EVENTS) {
      if (!this.#waiting.dropOldest()) break;
    }
  }

  #end(): void {
    this.#ended = true;
    this.#stop();
    for (const taker of this.#takers.splice(0)) taker({ value: undefined, done: true });
  }
}
