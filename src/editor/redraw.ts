import type { Disposable } from 'vscode';

/** Each redraw is a message to the window, which compresses, unpacks and answers it: a burst of changes becomes one. */
const COALESCE_MS = 200;

/** Draws something anew, once for all that asked meanwhile: 200 ms after the first of them, or later to let it rest. */
export class Redraw implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  private restsUntil = -Infinity;

  /** @param restMs how long nothing is drawn after a drawing */
  constructor(
    private readonly draw: () => void,
    private readonly restMs = 0,
  ) {}

  readonly schedule = (): void => {
    this.timer ??= setTimeout(
      () => {
        this.timer = undefined;
        this.restsUntil = performance.now() + this.restMs;
        this.draw();
      },
      Math.max(COALESCE_MS, this.restsUntil - performance.now()),
    );
  };

  dispose(): void {
    clearTimeout(this.timer);
  }
}
