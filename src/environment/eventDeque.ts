import type { ExecProcessEvent } from '../model';

/** The events that wait for one subscriber, oldest first; what each call costs does not grow with them. */
export class EventDeque {
  #items: (ExecProcessEvent | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** How many bytes of output wait. */
  get bytes(): number {
    return this.#bytes;
  }

  push(event: ExecProcessEvent): void {
    this.#items.push(event);
    if (event.type === 'output') this.#bytes += event.chunk.length;
  }

  /** Removes and answers the oldest one. */
  shift(): ExecProcessEvent | undefined {
    const event = this.#items[this.#head];
    if (event === undefined) return undefined;
    if (event.type === 'output') this.#bytes -= event.chunk.length;
    this.#removeHead();
    return event;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
    this.#bytes = 0;
  }

  /** Puts a `dropped` in the place of the oldest output, one for all that are gone there; false if there is none. */
  dropOldest(): boolean {
    let index = this.#head;
    // At most what has been dropped and an exit come before it.
    while (index < this.#items.length && this.#items[index]?.type !== 'output') index++;
    const output = this.#items[index];
    if (output?.type !== 'output') return false;
    const { seq, chunk } = output;
    this.#bytes -= chunk.length;
    const before = index > this.#head ? this.#items[index - 1] : undefined;
    const merges = before?.type === 'dropped';
    const earlier = merges ? before.bytes : 0;
    this.#items[index] = { type: 'dropped', seq, bytes: earlier === null ? null : earlier + chunk.length };
    if (merges) this.#remove(index - 1);
    return true;
  }

  #remove(index: number): void {
    for (let at = index; at > this.#head; at--) this.#items[at] = this.#items[at - 1];
    this.#removeHead();
  }

  #removeHead(): void {
    this.#items[this.#head++] = undefined;
    // Moving the rest down only when half is empty makes the cost constant for each removal.
    if (this.#head >= 64 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }
}
