import type { Disposable } from 'vscode';

/** Each redraw is a message to the window, which compresses, unpacks and answers it: a burst of changes becomes one. */
const COALESCE_MS = 200;

/** Draws something anew, at most 200 ms after it was asked to and once for all that asked meanwhile. */
export class Redraw implements Disposable {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly draw: () => void) {}

  readonly ask = (): void => {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.draw();
    }, COALESCE_MS);
  };

  dispose(): void {
    clearTimeout(this.timer);
  }
}
