import type { ProcessTree } from './processTree';

/** Lingering groups that are looked at when a process has ended. */
const LOOKED_AFTER_EACH_END = 2;

/** A process whose end was seen, with what may be left of its group. */
export interface Ended {
  readonly tree: ProcessTree;
  readonly lingering: ProcessTree | undefined;
}

/** Process groups that outlived their leader and its streams. */
export class Lingering {
  readonly #trees = new Set<ProcessTree>();

  /** @param forgotten called with each tree that nothing is left of */
  constructor(private readonly forgotten: (tree: ProcessTree) => void) {}

  /** A process has closed. */
  ended({ tree, lingering }: Ended): void {
    this.#forgetSome();
    if (lingering) this.#trees.add(lingering);
    else this.forgotten(tree);
  }

  /** Kills what is left of a group, if anything may be. */
  kill(tree: ProcessTree | undefined): void {
    if (!tree || !this.#trees.has(tree)) return;
    this.#forget(tree);
    void tree.killGroup();
  }

  killAll(): void {
    for (const tree of this.#trees) tree.signal('kill');
    this.#trees.clear();
  }

  #forget(tree: ProcessTree): void {
    this.#trees.delete(tree);
    this.forgotten(tree);
  }

  /** Two for each that may come: so there are never many that have ended, and no end costs more than another. */
  #forgetSome(): void {
    let left = LOOKED_AFTER_EACH_END;
    for (const tree of this.#trees) {
      if (left-- === 0) return;
      // To the end of the line.
      this.#trees.delete(tree);
      this.#trees.add(tree);
      if (!tree.groupAlive()) this.#forget(tree);
      else if (tree.alive().length === 0) void this.#forgetUnlessFound(tree);
    }
  }

  /** Those that it knew of have gone, and their group's number may be another's. */
  async #forgetUnlessFound(tree: ProcessTree): Promise<void> {
    await tree.search();
    if (tree.alive().length === 0) this.#forget(tree);
  }
}
