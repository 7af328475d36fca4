import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Orphan, ProcessLookup } from './processLookup';

/** Looks at orphans on behalf of many: those who ask at the same time share one look. */
export class OrphanLook {
  #running: Promise<unknown> = Promise.resolve();
  /** Has not begun yet, so that it sees all that is there now. */
  #next: Promise<readonly Orphan[]> | undefined;

  constructor(private readonly lookup: ProcessLookup) {}

  /** A look that begins after this call, with a turn for others after each of its steps. */
  soon(): Promise<readonly Orphan[]> {
    return (this.#next ??= this.#after(this.#running));
  }

  /** A look in this turn. */
  now(): readonly Orphan[] {
    const steps = this.lookup.orphans();
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  async #after(before: Promise<unknown>): Promise<readonly Orphan[]> {
    await before;
    await nextTurn();
    const look = this.#steps();
    this.#running = look;
    this.#next = undefined;
    return look;
  }

  async #steps(): Promise<readonly Orphan[]> {
    const steps = this.lookup.orphans();
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await nextTurn();
    }
  }
}
