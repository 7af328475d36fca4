import type { Rung, StopOptions, StopReport, Survivor } from '../types';

/** What the stops of one process have come to, while they go on and after. */
export class StopRecord {
  #by: StopOptions['by'] | null = null;
  #report: StopReport | null = null;
  /** Those of the present stop that were there at some time; where nobody tells numbers, one stands for all. */
  readonly #seen = new Set<number | null>();
  readonly #forced = new Set<number | null>();

  /** Who asked first for an end, while it ran. */
  get by(): StopOptions['by'] | null {
    return this.#by;
  }

  /** What is told of the last stop that was to end it; null without one. */
  get report(): StopReport | null {
    return this.#report;
  }

  /** Whether there is one under way, whose report a look at the tree brings up to date. */
  get isOpen(): boolean {
    return this.#report?.done === false;
  }

  /** A stop is about to begin; one that only interrupts is none. */
  begin({ by }: StopOptions, runs: boolean): void {
    if (runs) this.#by ??= by;
    this.#seen.clear();
    this.#forced.clear();
    this.#report = { by, asked: 0, left: [], ended: 0, forced: 0, done: false };
  }

  /** So many are left after a look; answers whether that is news. */
  progress(left: readonly Survivor[], rung: Rung): boolean {
    const before = this.#report;
    if (!before || before.done) return false;
    for (const { pid } of left) {
      this.#seen.add(pid);
      if (rung === 'kill') this.#forced.add(pid);
    }
    this.#report = this.#told(before, left, false);
    return before.asked !== this.#report.asked || before.left.length !== left.length;
  }

  /** The stop is over. */
  end(left: readonly Survivor[]): void {
    if (this.#report) this.#report = this.#told(this.#report, left, true);
  }

  #told({ by }: StopReport, left: readonly Survivor[], done: boolean): StopReport {
    const alive = new Set(left.map(({ pid }) => pid));
    const ended = [...this.#seen].filter((pid) => !alive.has(pid));
    const forced = ended.filter((pid) => this.#forced.has(pid)).length;
    return { by, asked: this.#seen.size, left, ended: ended.length, forced, done };
  }
}
