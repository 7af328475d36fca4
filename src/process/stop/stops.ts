import type { Rung, StopOptions, StopReport, Survivor } from '../types';
import type { ProcessTree } from './processTree';
import { escalate } from './stopLadder';
import { StopRecord } from './stopRecord';

/** What the stops of one process work on. */
export interface StopTarget {
  readonly tree: ProcessTree;
  /** Whether somebody else started it, and it is only shown here. */
  readonly shown: boolean;
  /** Whether it has exited and nothing holds its streams. */
  readonly closed: () => boolean;
  /** Whether the leader's exit was seen. */
  readonly exited: () => boolean;
  /** Called before the first SIGKILL of each stop. */
  readonly killing: () => void;
  /** Called when `by` or `report` has changed. */
  readonly changed: () => void;
}

/** The stops of one process: each climbs the ladder, and what comes of it is told. */
export class Stops {
  readonly #record = new StopRecord();
  #killed = false;
  #rung: Rung = 'terminate';

  constructor(private readonly target: StopTarget) {
    target.tree.onLook?.(() => this.look());
  }

  /** Who asked first for an end, while it ran. */
  get by(): StopOptions['by'] | null {
    return this.#record.by;
  }

  get report(): StopReport | null {
    return this.#record.report;
  }

  /** Whether one came to SIGKILL. */
  get killed(): boolean {
    return this.#killed;
  }

  /**
   * Climbs, unless there is nothing to stop: the shutdown of this program leaves what is only shown, and a client
   * stops nothing that holds the streams of a process that has exited, as clients expect
   * (docs/protocol/stop.md#terminate).
   */
  async stop(options: StopOptions): Promise<Survivor[]> {
    const { shown, closed, exited } = this.target;
    if (shown && options.by === 'shutdown') return [];
    if (closed() || (exited() && (options.by === 'client' || options.by === 'gone'))) return [];
    return this.climb(options);
  }

  /** The first rung's signals are sent before this returns. Resolves with what is left. */
  async climb(options: StopOptions): Promise<Survivor[]> {
    const { tree, exited, changed } = this.target;
    const ends = options.to !== 'interrupt';
    if (ends) {
      this.#record.begin(options, !exited());
      changed();
    }
    const survivors = await escalate(
      {
        tree,
        exited,
        reached: (rung) => this.#reached(rung),
        progress: (left, rung) => {
          if (ends && this.#record.progress(left, rung)) changed();
        },
      },
      options,
    );
    if (ends) this.#record.end(survivors);
    changed();
    return survivors;
  }

  /** Brings the report of a stop under way up to date: somebody is about to read it. */
  look(): void {
    if (this.#record.isOpen) this.#record.progress(this.target.tree.alive(), this.#rung);
  }

  #reached(rung: Rung): void {
    this.#rung = rung;
    if (rung !== 'kill') return;
    this.#killed = true;
    this.target.killing();
  }
}
