/** Counts from the last window's leaving, and from the beginning until the first one comes. */
export class Idle implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  private windows = 0;
  private since = performance.now();

  /** @param over called once so long has passed without a window */
  constructor(
    private ms: number,
    private readonly over: () => void,
  ) {
    this.arm();
  }

  /** How many windows are attached now. */
  attached(windows: number): void {
    this.windows = windows;
    this.since = performance.now();
    this.arm();
  }

  /** Another time, counted from the same moment. */
  setMs(ms: number): void {
    this.ms = ms;
    this.arm();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer);
  }

  private arm(): void {
    clearTimeout(this.timer);
    if (this.windows > 0) return;
    this.timer = setTimeout(this.over, Math.max(0, this.since + this.ms - performance.now()));
  }
}
