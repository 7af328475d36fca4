import type { MemoryBudget } from '../http';
import type { Memory } from '../rpc';

/** So many bytes given back are worth a look at what the collector has left. */
const MUCH_BYTES = 16 * 1024 * 1024;

/** There is no room for what a client wants held. The message names the bound and the way out. */
export class BudgetError extends Error {}

/** A bound on memory that several holders share, as a part of a larger one that more of them share. */
export class Budget implements MemoryBudget, Memory, Disposable {
  private held = 0;
  private most = 0;
  private ended = false;
  private readonly listeners = new Set<() => void>();
  /** Somebody has met no room since the listeners were told last. */
  private wanted = false;

  /**
   * @param limitBytes of all holders together
   * @param who they are, for the error: "connections", say
   * @param whole pays for this part too
   * @param freed called each time that much is given back
   */
  constructor(
    private readonly limitBytes: number,
    private readonly who: string,
    private readonly whole?: Budget,
    private readonly freed: () => void = () => undefined,
  ) {}

  reserve(bytes: number): void {
    if (bytes === 0) return;
    if (this.ended) throw new BudgetError(`${this.who} has ended`);
    if (this.held + bytes > this.limitBytes) {
      this.wanted = true;
      throw new BudgetError(this.problem());
    }
    this.whole?.reserve(bytes);
    this.count(bytes);
  }

  hold(bytes: number): void {
    if (this.ended) return;
    this.whole?.hold(bytes);
    this.count(bytes);
  }

  release(bytes: number): void {
    // After its end all is given back already.
    if (this.ended || bytes === 0) return;
    this.held -= bytes;
    this.whole?.release(bytes);
    if (this.wanted) this.tell();
    if (this.held < this.most - MUCH_BYTES) {
      this.most = this.held;
      this.freed();
    }
  }

  get isFull(): boolean {
    const isFull = this.held >= this.limitBytes;
    this.wanted ||= isFull;
    return isFull || (this.whole?.isFull ?? false);
  }

  onRoom(listener: () => void): () => void {
    const leave = this.whole?.onRoom(listener);
    this.listeners.add(listener);
    return () => {
      leave?.();
      this.listeners.delete(listener);
    };
  }

  /** Gives back all that is held; who still holds some of it has nobody left to work for. */
  [Symbol.dispose](): void {
    this.release(this.held);
    this.listeners.clear();
    this.ended = true;
  }

  private count(bytes: number): void {
    this.held += bytes;
    this.most = Math.max(this.most, this.held);
  }

  /** In a turn of its own: who gives back is not to be surprised by who takes. */
  private tell(): void {
    this.wanted = false;
    setImmediate(() => {
      for (const listener of [...this.listeners]) listener();
    });
  }

  private problem(): string {
    return (
      `what ${this.who} may have the server hold is ${this.limitBytes} bytes, which is used up; ` +
      'try again when some of it was taken'
    );
  }
}
