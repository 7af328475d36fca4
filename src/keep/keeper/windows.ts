import type { Socket } from 'node:net';
import { readIntoOwnMemory } from './ownMemory';
import { AttachedWindow, type WindowMeans } from './window';

/** The windows that are attached now. */
export class Windows {
  private readonly open = new Set<AttachedWindow>();

  /** @param changed called with how many there are after one came or went */
  constructor(private readonly changed: (count: number, what: 'attached' | 'detached') => void) {}

  attach(socket: Socket, means: Omit<WindowMeans, 'left'>): void {
    const left = (window: AttachedWindow): void => {
      this.open.delete(window);
      means.keyboards.left(window);
      this.changed(this.open.size, 'detached');
    };
    // Nothing may be written before the first line is answered.
    setImmediate(() => {
      this.open.add(new AttachedWindow(readIntoOwnMemory(socket), { ...means, left }));
      this.changed(this.open.size, 'attached');
    });
  }

  each(tell: (window: AttachedWindow) => void): void {
    for (const window of [...this.open]) tell(window);
  }

  /** The server ends. Resolves when all have gone. */
  async close(by: 'person' | 'signal'): Promise<void> {
    await Promise.all([...this.open].map((window) => window.close(by)));
  }
}
