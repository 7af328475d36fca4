import type { ManagedProcess } from './managedProcess';

/** Characters of commands that closed rows keep; most have a few hundred, and the system allows millions. */
const MAX_COMMAND_CHARACTERS = 16 * 1024 * 1024;

/** Closed rows in the order in which they closed, and what is kept to tell what they ran. */
export class FinishedRows {
  readonly #rows = new Set<ManagedProcess>();
  #characters = 0;

  get size(): number {
    return this.#rows.size;
  }

  has(row: ManagedProcess): boolean {
    return this.#rows.has(row);
  }

  /** A copy, oldest end first. */
  list(): ManagedProcess[] {
    return [...this.#rows];
  }

  add(row: ManagedProcess): void {
    this.#rows.add(row);
    this.#characters += commandLength(row);
  }

  /** Does nothing for a row that is not among them. */
  remove(row: ManagedProcess): void {
    if (this.#rows.delete(row)) this.#characters -= commandLength(row);
  }

  /** The one that is to go next: the oldest while there are more than `maxRows`, or their commands are too long. */
  surplus(maxRows: number): ManagedProcess | undefined {
    if (this.#rows.size <= maxRows && this.#characters <= MAX_COMMAND_CHARACTERS) return undefined;
    return this.#rows.values().next().value;
  }
}

/** The length of what is kept to tell what ran. */
function commandLength({
  clientProcessId: processId,
  spec: { argv, cwd, arg0 = '' },
}: ManagedProcess): number {
  return argv.reduce((sum, { length }) => sum + length, processId.length + cwd.length + arg0.length);
}
