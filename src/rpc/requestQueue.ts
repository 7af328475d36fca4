import { Fifo } from './fifo';

/**
 * What a request does to what others of its connection see: these take effect in the order in which they were sent.
 * `read`s run side by side, and so do `start`s of programs and reads beside those; a `write` has them all to itself.
 */
export type RequestOrder = 'read' | 'write' | 'start';

interface Waiting {
  /** Its place in the order of arrival. */
  readonly seq: number;
  readonly task: () => Promise<void>;
  readonly order: RequestOrder | undefined;
}

/** Runs tasks side by side, at most so many at once, and keeps a bounded queue of others. */
export class RequestQueue {
  private running = 0;
  private readonly active: Record<RequestOrder, number> = { read: 0, write: 0, start: 0 };
  /** What has an order waits apart, so that it holds back nobody else. */
  private readonly ordered = new Fifo<Waiting>();
  private readonly others = new Fifo<Waiting>();
  private seq = 0;

  /** @param isOpen whether a task may start now; `pump` must be called when that has changed to true */
  constructor(
    private readonly maxRunning: number,
    private readonly maxQueued: number,
    private readonly isOpen: () => boolean,
  ) {}

  /** Starts the task, or queues it; false if there is no room. The task must not reject. */
  run(task: () => Promise<void>, order?: RequestOrder): boolean {
    const queue = order ? this.ordered : this.others;
    if (queue.length === 0 && this.mayStart(order)) {
      this.start(task, order);
      return true;
    }
    if (this.ordered.length + this.others.length >= this.maxQueued) return false;
    queue.push({ seq: this.seq++, task, order });
    return true;
  }

  /** Starts what may start now, the oldest first. */
  pump(): void {
    for (let next = this.next(); next; next = this.next()) {
      const taken = next.shift();
      if (taken) this.start(taken.task, taken.order);
    }
  }

  /** Forgets what waits. */
  clear(): void {
    this.ordered.clear();
    this.others.clear();
  }

  /** The queue whose first may start now; of both the one whose first came earlier. */
  private next(): Fifo<Waiting> | undefined {
    if (this.ordered.length + this.others.length === 0) return undefined;
    const [ordered, other] = [this.ordered.first, this.others.first].map((first) =>
      first && this.mayStart(first.order) ? first.seq : Infinity,
    ) as [number, number];
    if (ordered === other) return undefined;
    return ordered < other ? this.ordered : this.others;
  }

  private mayStart(order: RequestOrder | undefined): boolean {
    if (this.running >= this.maxRunning || !this.isOpen()) return false;
    const { read, write, start } = this.active;
    if (order === undefined) return true;
    return write === 0 && (order !== 'write' || read + start === 0);
  }

  private start(task: () => Promise<void>, order: RequestOrder | undefined): void {
    this.running++;
    if (order) this.active[order]++;
    void task().then(() => {
      this.running--;
      if (order) this.active[order]--;
      this.pump();
    });
  }
}
