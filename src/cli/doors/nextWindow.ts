import { once } from 'node:events';
import { watch } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  dial,
  discoveryFolder,
  findWindow,
  lifeOf,
  NoWindowError,
  ServerOffError,
  type WindowRecord,
} from '../../agents/discovery';

/** How long after a loss a window that is being reloaded is waited for, in ms. */
const RELOAD_MS = 30_000;
/** How long a window that goes may still be found, in ms. */
const GOING_MS = 6000;
/** Where no change of the records is told, in ms. */
const LOOK_MS = 1000;

/** The window of one folder, and the one that comes after it when it is reloaded. */
export class NextWindow {
  private window: WindowRecord | undefined;
  /** By `performance.now`. */
  private lostAt = -Infinity;

  /** @param windows where the records lie; those of this person when absent */
  constructor(
    private readonly folder: string,
    private readonly windows: string = discoveryFolder().windows,
  ) {}

  /**
   * Connects to its wire; after a loss it waits for a window that is being reloaded, while who opens it lives. Rejects
   * with a sentence when there is none, or when a person wanted that: the server is off, or the same as before that has
   * ended this connection alone.
   */
  async connect(): Promise<Socket> {
    // Before the first one nothing is waited for.
    if (!this.window) return this.dial();
    for (;;) {
      const news = recordsChange(this.windows);
      try {
        return await this.dial();
      } catch (error) {
        if (!this.mayCome(error)) throw error;
        await news.happened;
      } finally {
        news.end();
      }
    }
  }

  private mayCome(error: unknown): boolean {
    if (error instanceof DroppedError || error instanceof ServerOffError) return false;
    return this.sinceLoss < RELOAD_MS && !(error instanceof NoWindowError && this.isClosed);
  }

  /** With the window went who would open it again. */
  private get isClosed(): boolean {
    const { opener, scope = '' } = this.window ?? {};
    return opener !== undefined && lifeOf({ ...opener, scope }) === 'dead';
  }

  private get sinceLoss(): number {
    return performance.now() - this.lostAt;
  }

  private async dial(): Promise<Socket> {
    const window = findWindow(this.folder, this.windows);
    const isSame = window.socket === this.window?.socket && window.since === this.window.since;
    // It may be about to go.
    if (isSame && this.sinceLoss < GOING_MS) throw new Error('It ends.');
    if (isSame) throw new DroppedError(window.name);
    const socket = await dial(window, 'wire');
    this.window = window;
    socket.once('close', () => (this.lostAt = performance.now()));
    return socket;
  }
}

/** The window is there, and has ended the connection. */
class DroppedError extends Error {
  constructor(name: string) {
    super(`${name} has ended the connection of this agent. Start the agent anew to connect it again.`);
  }
}

/** Happens when a window comes or goes, and after a while where the system does not tell. */
function recordsChange(windows: string): { readonly happened: Promise<unknown>; end(): void } {
  const abort = new AbortController();
  const { signal } = abort;
  const waits: Promise<unknown>[] = [sleep(LOOK_MS, undefined, { signal })];
  try {
    const watcher = watch(windows, { signal });
    waits.push(once(watcher, 'change', { signal }));
  } catch {
    // Out of watches, or there was never a window.
  }
  return { happened: Promise.race(waits).catch(() => undefined), end: () => abort.abort() };
}
