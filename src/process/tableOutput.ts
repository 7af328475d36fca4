import type { ManagedProcess } from './managedProcess';
import { newOutputMemory, OutputLog, type OutputMemory } from './output/outputLog';
import { Retention } from './output/retention';
import { SpillFolder } from './output/spillFolder';
import type { TableLimits } from './tableLimits';
import type { TableMeans } from './tableMeans';

/** The output of all rows of a table, within its bounds. */
export class TableOutput {
  readonly #logs = new WeakMap<ManagedProcess, OutputLog>();
  readonly #memory: Required<OutputMemory>;
  readonly #retention: Retention;
  readonly #spills: SpillFolder | undefined;

  constructor(
    private limits: TableLimits,
    { pool, spill }: Pick<TableMeans, 'pool' | 'spill'>,
  ) {
    this.#memory = newOutputMemory(pool);
    this.#retention = new Retention(limits.retainedBytesTotal);
    const { spilledBytesPerProcess, spilledBytesTotal } = limits;
    if (spill) this.#spills = new SpillFolder(spill, spilledBytesPerProcess, spilledBytesTotal);
    void this.#spills?.sweep();
  }

  /** @param isHere whether the process runs on this machine: another host keeps what snapshots of its own need */
  newLog(isHere: boolean): OutputLog {
    const { pool } = this.#memory;
    const memory = isHere ? this.#memory : { pool };
    return new OutputLog(this.limits.retainedBytesPerProcess, this.#retention.retained, memory, this.#spills);
  }

  /** A row that writes to `log` is listed. */
  added(row: ManagedProcess, log: OutputLog): void {
    this.#logs.set(row, log);
    this.#retention.add(log);
  }

  /** Nothing more comes of it. */
  finished(row: ManagedProcess): void {
    const log = this.#logs.get(row);
    if (log) this.#retention.finished(log);
  }

  /** It is listed no more. Whoever still holds it can read on what is in memory. */
  removed(row: ManagedProcess): void {
    const log = this.#logs.get(row);
    if (log) this.#retention.removed(log);
    log?.removeSpill();
  }

  /** New bounds, for the logs of `rows` too. */
  configure(limits: TableLimits, rows: Iterable<ManagedProcess>): void {
    this.limits = limits;
    this.#retention.setLimit(limits.retainedBytesTotal);
    this.#spills?.setLimits(limits.spilledBytesPerProcess, limits.spilledBytesTotal);
    for (const row of rows) this.#logs.get(row)?.setLimit(limits.retainedBytesPerProcess);
  }

  /** Gives up what is kept in files; what is in memory can be read on. */
  forgetSpilled(): void {
    this.#spills?.close();
  }
}
