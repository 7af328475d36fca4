import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child, ForeignChild } from './child';
import type { CrashGuard } from './crashGuard';
import type { Family } from './family';
import { LimitError } from './limitError';
import { ManagedProcess } from './managedProcess';
import { DEFAULT_RETAINED_BYTES, OutputLog } from './outputLog';
import { DEFAULT_TOTAL_RETAINED_BYTES, Retention } from './retention';
import { SpawnError } from './spawnError';
import { startChild } from './startChild';
import { loadSystem, type SystemLoader } from './system';
import type { ProcessOwner, SpawnSpec, Survivor } from './types';

/** The bounds of a table. */
export interface TableLimits {
  /** Processes that are not closed yet. */
  readonly maxProcesses: number;
  /** Closed rows that stay, the newest ones. */
  readonly maxFinished: number;
  readonly retainedBytesPerProcess: number;
  readonly retainedBytesTotal: number;
}

const DEFAULT_LIMITS: TableLimits = {
  maxProcesses: 1024,
  maxFinished: 100,
  retainedBytesPerProcess: DEFAULT_RETAINED_BYTES,
  retainedBytesTotal: DEFAULT_TOTAL_RETAINED_BYTES,
};

/** With it and the wait for the killed, a shutdown ends within 3 s. */
const LONGEST_SHUTDOWN_GRACE_MS = 1500;

/** What a table works with. */
export interface TableMeans {
  readonly loadSystem: SystemLoader;
  /** Ends what runs should this process die without a word. */
  readonly guard?: CrashGuard;
}

interface TableEvents {
  added: [process: ManagedProcess];
  changed: [process: ManagedProcess];
  removed: [process: ManagedProcess];
}

/** Every process of this host, whoever started it. */
export class ProcessTable extends EventEmitter<TableEvents> {
  readonly #rows = new Map<string, ManagedProcess>();
  readonly #logs = new WeakMap<ManagedProcess, OutputLog>();
  /** Closed rows in the order in which they closed. */
  readonly #finished = new Set<ManagedProcess>();
  /** Process groups that outlived their leader and its streams. */
  readonly #leftovers = new Set<Family>();
  readonly #starting = new Set<Promise<unknown>>();
  readonly #retention: Retention;
  readonly #means: TableMeans;
  #limits: TableLimits;
  #lastKey = 0;
  #shutDown = false;

  constructor(limits: Partial<TableLimits> = {}, means: Partial<TableMeans> = {}) {
    super();
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#retention = new Retention(this.#limits.retainedBytesTotal);
    this.#means = { loadSystem, ...means };
  }

  /**
   * Starts a process. Rejects with a SpawnError when it cannot be run or the table is shut down, with a
   * LimitError when too many run, with a RangeError for a terminal size out of bounds.
   */
  async start(processId: string, spec: SpawnSpec, owner: ProcessOwner): Promise<ManagedProcess> {
    return this.#admit(processId, spec, owner, () => startChild(spec, this.#means.loadSystem));
  }

  /**
   * Lists a process that `start` starts elsewhere; from then on it is like any other. Rejects as `start` of
   * this table does, and with whatever `start` rejects with.
   */
  async adopt(
    processId: string,
    spec: SpawnSpec,
    owner: ProcessOwner,
    start: () => Promise<ForeignChild>,
  ): Promise<ManagedProcess> {
    return this.#admit(processId, spec, owner, start);
  }

  async #admit(
    processId: string,
    spec: SpawnSpec,
    owner: ProcessOwner,
    startIt: () => Promise<Child | ForeignChild>,
  ): Promise<ManagedProcess> {
    this.#checkRoom();
    const starting = this.#start(processId, spec, owner, startIt);
    this.#starting.add(starting);
    try {
      return await starting;
    } finally {
      this.#starting.delete(starting);
    }
  }

  get(key: string): ManagedProcess | undefined {
    return this.#rows.get(key);
  }

  /** All rows, oldest start first. */
  list(): ManagedProcess[] {
    return [...this.#rows.values()];
  }

  /** Rows that are not closed. */
  get runningCount(): number {
    return this.#rows.size - this.#finished.size;
  }

  /** New bounds; those that are absent stay. Takes effect at once, for running processes too. */
  configure(limits: Partial<TableLimits>): void {
    this.#limits = { ...this.#limits, ...limits };
    this.#retention.setLimit(this.#limits.retainedBytesTotal);
    for (const row of this.#rows.values())
      this.#logs.get(row)?.setLimit(this.#limits.retainedBytesPerProcess);
    this.#trimFinished();
  }

  /** Removes all closed rows. Whoever still holds one can read it on. */
  clearFinished(): void {
    for (const row of [...this.#finished]) this.#remove(row);
  }

  /** Kills what is left of the process group of a closed process, if anything is; nothing otherwise. */
  killLeftovers(row: ManagedProcess): void {
    const family = row.leftovers;
    if (!family || !this.#leftovers.has(family)) return;
    family.signal('kill');
    this.#forget(family);
  }

  /**
   * Refuses new starts and ends everything by the stop ladder, within 3 s. Resolves with what is left.
   *
   * @param options.graceMs between asking and killing, 1500 at most and when absent
   * @param options.reopen accept new starts afterwards
   */
  async shutdown(options: { graceMs?: number; reopen?: boolean } = {}): Promise<Survivor[]> {
    this.#shutDown = true;
    const graceMs = Math.min(options.graceMs ?? LONGEST_SHUTDOWN_GRACE_MS, LONGEST_SHUTDOWN_GRACE_MS);
    // A start elsewhere may hang; what comes of it later is killed at once.
    await Promise.race([Promise.allSettled(this.#starting), sleep(graceMs, undefined, { ref: false })]);
    const stops = this.list().map((row) => row.stop({ from: 'terminate', graceMs, by: 'shutdown' }));
    const survivors = (await Promise.all(stops)).flat();
    this.#killAllLeftovers();
    this.#means.guard?.dispose();
    if (options.reopen) this.#shutDown = false;
    return survivors;
  }

  /** SIGKILL for everything, in this turn: for an `exit` handler, where nothing can be waited for. */
  killAllNow(): void {
    this.#shutDown = true;
    for (const row of this.#rows.values()) row.killNow();
    this.#killAllLeftovers();
    this.#means.guard?.disposeNow();
  }

  #checkRoom(): void {
    if (this.#shutDown) throw new SpawnError('The exec server is shutting down and starts nothing new.');
    const { maxProcesses } = this.#limits;
    if (this.runningCount + this.#starting.size < maxProcesses) return;
    throw new LimitError(
      'maxProcesses',
      `${maxProcesses} processes are running, which is the limit (maxProcesses). ` +
        'Stop some of them, or raise the limit.',
    );
  }

  async #start(
    processId: string,
    spec: SpawnSpec,
    owner: ProcessOwner,
    startIt: () => Promise<Child | ForeignChild>,
  ): Promise<ManagedProcess> {
    const child = await startIt();
    const identity = { key: `p${++this.#lastKey}`, processId, owner };
    const log = new OutputLog(this.#limits.retainedBytesPerProcess, this.#retention.retained);
    const row = new ManagedProcess(identity, spec, child, log, (changed) => this.#onChange(changed));
    this.#rows.set(row.key, row);
    this.#logs.set(row, log);
    this.#means.guard?.note(row.family);
    this.#retention.add(log);
    this.#tell('added', row);
    if (!this.#shutDown) return row;
    row.killNow();
    throw new SpawnError('The exec server is shutting down and starts nothing new.');
  }

  #onChange(row: ManagedProcess): void {
    if (row.closed && !this.#finished.has(row) && this.#rows.has(row.key)) {
      this.#finished.add(row);
      const log = this.#logs.get(row);
      if (log) this.#retention.finished(log);
      this.#noteLeftovers(row);
    }
    this.#tell('changed', row);
    this.#trimFinished();
  }

  #noteLeftovers(row: ManagedProcess): void {
    for (const family of this.#leftovers) if (!family.groupLives()) this.#forget(family);
    if (row.leftovers) this.#leftovers.add(row.leftovers);
    else this.#means.guard?.forget(row.family);
  }

  #forget(family: Family): void {
    this.#leftovers.delete(family);
    this.#means.guard?.forget(family);
  }

  #killAllLeftovers(): void {
    for (const family of this.#leftovers) family.signal('kill');
    this.#leftovers.clear();
  }

  #trimFinished(): void {
    for (const row of this.#finished) {
      if (this.#finished.size <= this.#limits.maxFinished) return;
      this.#remove(row);
    }
  }

  #remove(row: ManagedProcess): void {
    this.#finished.delete(row);
    this.#rows.delete(row.key);
    const log = this.#logs.get(row);
    if (log) this.#retention.removed(log);
    this.#tell('removed', row);
  }

  /** A listener that fails must not keep a child from being looked after. */
  #tell(event: keyof TableEvents, row: ManagedProcess): void {
    try {
      this.emit(event, row);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }
}
