/** Runs tasks side by side, at most so many at once, and keeps a bounded queue of others. */
export class Lanes {
  private running = 0;
  private queue: (() => Promise<void>)[] = [];
  /** Index of the first waiting task; the queue is cut now and then. */
  private head = 0;

  /** @param isOpen whether a task may start now; `pump` must be called when that has changed to true */
  constructor(
    private readonly maxRunning: number,
    private readonly maxQueued: number,
    private readonly isOpen: () => boolean,
  ) {}

  /** Starts the task or queues it; false if there is no room. The task must not reject. */
  run(task: () => Promise<void>): boolean {
    if (this.waiting === 0 && this.hasRoom()) {
      this.start(task);
      return true;
    }
    if (this.waiting >= this.maxQueued) return false;
    this.queue.push(task);
    return true;
  }

  /** Starts what may start now. */
  pump(): void {
    while (this.waiting > 0 && this.hasRoom()) {
      const task = this.queue[this.head++];
      if (this.head >= this.maxQueued || this.head === this.queue.length) {
        this.queue = this.queue.slice(this.head);
        this.head = 0;
      }
      if (task) this.start(task);
    }
  }

  /** Forgets what waits. */
  clear(): void {
    this.queue = [];
    this.head = 0;
  }

  private get waiting(): number {
    return this.queue.length - this.head;
  }

  private hasRoom(): boolean {
    return this.running < this.maxRunning && this.isOpen();
  }

  private start(task: () => Promise<void>): void {
    this.running++;
    void task().finally(() => {
      this.running--;
      this.pump();
    });
  }
}
