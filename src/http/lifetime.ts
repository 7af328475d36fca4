import { MAX_TIMER_MS } from '../values';

/** How long a request and its body may go on: until a time limit or the caller's signal. */
export class Lifetime implements Disposable {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly onOuter = () => this.controller.abort(this.outer?.reason);

  /** @param timeoutMs from now; none, or more than 24 days, is no limit */
  constructor(
    timeoutMs: number | null | undefined,
    private readonly outer: AbortSignal | undefined,
  ) {
    if (typeof timeoutMs === 'number' && timeoutMs <= MAX_TIMER_MS) {
      const expire = () => this.controller.abort(new Error(`timed out after ${timeoutMs} ms`));
      if (timeoutMs <= 0) expire();
      else this.timer = setTimeout(expire, timeoutMs);
    }
    if (outer?.aborted) this.onOuter();
    else outer?.addEventListener('abort', this.onOuter, { once: true });
  }

  /** Aborted with an error when it is over; not by disposing. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Calls `end` once if the time comes to an end; returns the way to stop that. */
  onEnd(end: (reason: Error) => void): () => void {
    const { signal } = this.controller;
    const listener = () => end(this.reason());
    if (signal.aborted) listener();
    else signal.addEventListener('abort', listener, { once: true });
    return () => signal.removeEventListener('abort', listener);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener('abort', this.onOuter);
  }

  private reason(): Error {
    const reason: unknown = this.controller.signal.reason;
    return reason instanceof Error ? reason : new Error(String(reason));
  }
}
