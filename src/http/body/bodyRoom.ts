import { asError } from '../../values';
import type { Lifetime } from '../lifetime';
import type { MemoryBudget } from './memoryBudget';

/** Bytes that the bodies of one client may have which are not the first. */
const SHARED_BYTES = 16 * 1024 * 1024;
/** Milliseconds that a body waits for room; the first one may be one that never ends. */
const PATIENCE_MS = 30_000;

/** What one body takes of the room; to be disposed of when it is no longer held. */
export interface BodyPart extends Disposable {
  /**
   * Resolves when there is room for so many bytes more.
   * @throws Error that names the bound, or the lifetime's reason if that is over first
   */
  grow(bytes: number, lifetime: Lifetime): Promise<void>;
}

/**
 * Room for the bodies that one client waits for. The one that came first always has room for all of it; the others
 * share some, and wait when that is used up. Meanwhile their servers are not read from.
 */
export class BodyRoom {
  /** In the order in which they came. */
  private readonly held = new Map<BodyPart, number>();
  /** Each lets one in if there is room now. */
  private readonly waiting = new Set<() => void>();
  private shared = 0;

  /** @param budget pays for all bodies, the first included */
  constructor(
    private readonly budget: MemoryBudget,
    private readonly sharedBytes = SHARED_BYTES,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** A further body. */
  open(): BodyPart {
    const body: BodyPart = {
      grow: async (bytes, lifetime) => {
        if (this.waiting.size === 0 && this.fits(body, bytes)) this.take(body, bytes);
        else await this.wait(body, bytes, lifetime);
      },
      [Symbol.dispose]: () => this.close(body),
    };
    this.held.set(body, 0);
    return body;
  }

  private take(body: BodyPart, bytes: number): void {
    this.budget.reserve(bytes);
    this.held.set(body, (this.held.get(body) ?? 0) + bytes);
    if (!this.isFirst(body)) this.shared += bytes;
  }

  private wait(body: BodyPart, bytes: number, lifetime: Lifetime): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        this.waiting.delete(tryAgain);
        clearTimeout(timer);
        leave();
        settle();
      };
      const fail = (error: Error) => end(() => reject(error));
      const tryAgain = () => {
        if (!this.fits(body, bytes)) return;
        try {
          this.take(body, bytes);
          end(resolve);
        } catch (error) {
          fail(asError(error));
        }
      };
      this.waiting.add(tryAgain);
      const timer = setTimeout(() => fail(this.fullError()), this.patienceMs);
      let leave: () => void = () => undefined;
      leave = lifetime.onEnd(fail);
      tryAgain();
    });
  }

  private close(body: BodyPart): void {
    const bytes = this.held.get(body) ?? 0;
    this.budget.release(bytes);
    if (!this.isFirst(body)) this.shared -= bytes;
    else this.shared -= this.ofSecond();
    this.held.delete(body);
    for (const tryAgain of [...this.waiting]) tryAgain();
  }

  /** Room for the body that becomes the first when the first is closed. */
  private ofSecond(): number {
    const [, second] = this.held.values();
    return second ?? 0;
  }

  private isFirst(body: BodyPart): boolean {
    const [first] = this.held.keys();
    return body === first;
  }

  private fits(body: BodyPart, bytes: number): boolean {
    return this.isFirst(body) || this.shared + bytes <= this.sharedBytes;
  }

  private fullError(): Error {
    return new Error(
      `other bodies of this connection left no room for ${this.patienceMs / 1000} s: ` +
        `beside the first they may have ${this.sharedBytes} bytes`,
    );
  }
}
