import { exitCodeOf, UNKNOWN_EXIT_CODE, type ChildExit } from './child';
import type { ProcessState } from './types';

/** How a process ended, as far as that is known. */
export class Outcome {
  #endedAt: number | null = null;
  #state: ProcessState = 'running';
  #exitSignal: number | null = null;
  #problem: string | null = null;

  /** Milliseconds since 1970, null while it runs. */
  get endedAt(): number | null {
    return this.#endedAt;
  }

  get state(): ProcessState {
    return this.#state;
  }

  /** The number of the signal that ended it, if one did. */
  get exitSignal(): number | null {
    return this.#exitSignal;
  }

  /** Why its end, or the rest of its output, is not known, in words for a person. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Nothing more will be heard of it. */
  lose(problem: string): void {
    this.#problem = problem;
  }

  /**
   * Takes note of the end, now; once.
   *
   * @param started false for what never ran
   * @param stopped whether somebody asked for that end
   * @returns the exit code for the log
   */
  settle(exit: ChildExit, started: boolean, stopped: boolean): number {
    this.#endedAt = exit.told?.at ?? Date.now();
    this.#exitSignal = exit.signal;
    this.#problem ??= exit.problem ?? null;
    const exitCode = exitCodeOf(exit);
    const isUnknown = exitCode === UNKNOWN_EXIT_CODE && !exit.untold;
    if (isUnknown) this.#state = started ? 'lost' : 'unstarted';
    else this.#state = stopped ? 'killed' : 'exited';
    return exitCode;
  }
}
