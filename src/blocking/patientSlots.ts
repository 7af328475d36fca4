interface Waiting {
  readonly start: () => void;
  readonly giveUp: () => void;
}

/** Runs a few tasks at a time. While all of these take too long, the next ones are begun in another way instead. */
export class PatientSlots {
  private readonly running = new Set<{ readonly since: number }>();
  private readonly queue: Waiting[] = [];
  /** All that run have done so for longer than patience lasts. */
  private isStuck = false;
  private timer: NodeJS.Timeout | undefined;

  /** @param patienceMs milliseconds for which others wait */
  constructor(
    private readonly limit: number,
    private readonly patienceMs: number,
  ) {}

  get isBusy(): boolean {
    return this.running.size > 0;
  }

  /** Runs `task` when there is room, or `otherwise` if there is none for too long; settles as that does. */
  run<T>(task: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> {
    if (this.running.size < this.limit) return this.start(task);
    if (this.isStuck) return otherwise();
    return new Promise((resolve, reject) => {
      this.queue.push({
        start: () => void this.start(task).then(resolve, reject),
        giveUp: () => void otherwise().then(resolve, reject),
      });
      this.timer ??= this.lookLater();
    });
  }

  private async start<T>(task: () => Promise<T>): Promise<T> {
    const mark = { since: performance.now() };
    this.running.add(mark);
    try {
      return await task();
    } finally {
      this.running.delete(mark);
      this.isStuck = false;
      this.queue.shift()?.start();
    }
  }

  private lookLater(): NodeJS.Timeout {
    // What has come back while the event loop was busy gets its turn first.
    return setTimeout(() => setImmediate(() => this.look()), Math.max(1, this.patienceLeft()));
  }

  private patienceLeft(): number {
    const youngest = Math.max(...[...this.running].map(({ since }) => since));
    return youngest + this.patienceMs - performance.now();
  }

  private look(): void {
    this.timer = undefined;
    if (this.queue.length === 0) return;
    if (this.running.size < this.limit || this.patienceLeft() > 0) {
      this.timer = this.lookLater();
      return;
    }
    this.isStuck = true;
    for (const { giveUp } of this.queue.splice(0)) giveUp();
  }
}
