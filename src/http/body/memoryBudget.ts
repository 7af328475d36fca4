/** Memory that several holders share. Whoever reserves some of it releases as much. */
export interface MemoryBudget {
  /**
   * Counts so many bytes as held.
   * @throws Error that names the bound if that would be more than it allows; then none of them count
   */
  reserve(bytes: number): void;
  release(bytes: number): void;
}

/** What one holder has of a budget, given back as a whole. */
export class Holding implements Disposable {
  private bytes = 0;

  constructor(private readonly budget: MemoryBudget) {}

  /** @throws the budget's error */
  add(bytes: number): void {
    this.budget.reserve(bytes);
    this.bytes += bytes;
  }

  [Symbol.dispose](): void {
    this.budget.release(this.bytes);
    this.bytes = 0;
  }
}
