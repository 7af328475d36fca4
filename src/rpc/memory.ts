/** Memory that many holders share. */
export interface Memory {
  /**
   * Counts so many bytes as held.
   * @throws Error that names the bound if that would be more than it allows; then none of them count
   */
  reserve(bytes: number): void;
  /** Counts bytes that are there already, whatever the bound says. */
  hold(bytes: number): void;
  release(bytes: number): void;
  /** Nothing more can be reserved now. */
  readonly isFull: boolean;
  /** Calls `listener` when there is room again after somebody had met none; returns the way to stop. */
  onRoom(listener: () => void): () => void;
}

/** What one holder always has, so that nobody who fills the memory keeps the others from small things. */
export const OWN_BYTES = 512 * 1024;

/** One holder's bytes: the first half MiB is its own, the memory counts what is beyond. */
export class MemoryShare implements Disposable {
  private bytes = 0;

  constructor(private readonly memory: Memory) {}

  /** @throws the memory's error, if there is no room; then none of them count */
  add(bytes: number): void {
    this.memory.reserve(beyond(this.bytes + bytes) - beyond(this.bytes));
    this.bytes += bytes;
  }

  /** From now on it holds so many bytes, whether there is room or not. */
  set(bytes: number): void {
    const more = beyond(bytes) - beyond(this.bytes);
    this.bytes = bytes;
    if (more > 0) this.memory.hold(more);
    else if (more < 0) this.memory.release(-more);
  }

  remove(bytes: number): void {
    this.set(this.bytes - bytes);
  }

  [Symbol.dispose](): void {
    this.set(0);
  }
}

function beyond(bytes: number): number {
  return Math.max(0, bytes - OWN_BYTES);
}
