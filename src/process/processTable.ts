import { EventEmitter } from 'node:events';
import { Admission } from './admission';
import type { AnyChild, RemoteChildHandle, ShownChildHandle } from './child';
import { FinishedRows } from './finishedRows';
import type { Writer } from './input/stdin';
import { Lingering } from './stop/lingering';
import { ManagedProcess } from './managedProcess';
import { DEFAULT_LIMITS, type TableLimits } from './tableLimits';
import { emitWarning } from 'node:process';
import { BufferPool } from './streams/bufferPool';
import type { TableMeans } from './tableMeans';
import { TableOutput } from './tableOutput';
import { Sandboxes } from './sandbox/sandboxes';
import { startChild, startIn } from './startChild';
import { loadPlatform, type PlatformLoader } from './spawn/platform';
import { escalate } from './stop/stopLadder';
import { orphansOfThisHost } from './stop/treeOf';
import { noStartOf, Unstarted } from './unstarted';
import type { NoStart, ProcessOwner, SpawnSpec, StopOptions, Survivor } from './types';

/** With it and the wait for the killed, a shutdown ends within 3 s. */
const LONGEST_SHUTDOWN_GRACE_MS = 1500;

interface TableEvents {
  added: [process: ManagedProcess];
  changed: [process: ManagedProcess];
  removed: [process: ManagedProcess];
  /** Its child has taken so many bytes that somebody typed. */
  typed: [process: ManagedProcess, by: Writer, bytes: number];
}

/** Every process of this host, whoever started it. */
export class ProcessTable extends EventEmitter<TableEvents> {
  readonly #rows = new Map<string, ManagedProcess>();
  readonly #finished = new FinishedRows();
  readonly #lingering: Lingering;
  readonly #admission = new Admission(
    () => this.runningCount,
    () => this.#limits.maxProcesses,
  );
  readonly #output: TableOutput;
  readonly #means: TableMeans;
  /** What enforces sandboxes here. */
  readonly sandboxes: Sandboxes;
  #limits: TableLimits;
  #lastId = 0;
  #toldLosses = false;

  constructor(limits: Partial<TableLimits> = {}, means: Partial<TableMeans> = {}) {
    super();
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#means = {
      loadPlatform,
      pool: new BufferPool(),
      secrets: () => [],
      attended: false,
      warn: emitWarning,
      ...means,
    };
    this.#lingering = new Lingering((tree) => this.#means.guard?.forget(tree));
    this.#output = new TableOutput(this.#limits, this.#means);
    const load: PlatformLoader = () => this.#loadPlatform();
    const { pool, guard, secrets } = this.#means;
    this.sandboxes = new Sandboxes(
      load,
      (launch) => startIn(launch, load, pool),
      (paths) => guard?.notePlaceholders(paths),
      secrets,
    );
  }

  /**
   * Starts a process. Rejects with a SpawnError when it cannot be run or the table is shut down, with a SandboxRefusal
   * when its sandbox cannot be enforced, with a LimitError when too many run, with a RangeError for a terminal size out of bounds.
   */
  async start(processId: string, spec: SpawnSpec, owner: ProcessOwner): Promise<ManagedProcess> {
    return this.#admit(processId, spec, owner, null, () => this.#startHere(spec));
  }

  /**
   * Lists a process that `start` starts elsewhere, or that somebody else has started here; from then on it is like any other. Rejects as `start` of
   * this table does, and with whatever `start` rejects with.
   */
  async adopt(
    processId: string,
    spec: SpawnSpec,
    owner: ProcessOwner,
    environmentId: string | null,
    start: () => Promise<RemoteChildHandle | ShownChildHandle>,
  ): Promise<ManagedProcess> {
    return this.#admit(processId, spec, owner, environmentId, start);
  }

  async #admit(
    processId: string,
    spec: SpawnSpec,
    owner: ProcessOwner,
    environmentId: string | null,
    startIt: () => Promise<AnyChild>,
  ): Promise<ManagedProcess> {
    try {
      return await this.#admission.admit(() => this.#start(processId, spec, owner, startIt));
    } catch (error) {
      this.noteUnstarted(processId, spec, owner, noStartOf(error), environmentId);
      throw error;
    }
  }

  #startHere(spec: SpawnSpec): ReturnType<typeof startChild> {
    return startChild(spec, { load: this.#loadPlatform, pool: this.#means.pool, sandboxes: this.sandboxes });
  }

  /**
   * Lists a start that came to nothing, as a row that has closed; undefined once the table is shut down.
   *
   * @param triedAt when, in ms since 1970, where a server of ours keeps the row; now when absent
   */
  noteUnstarted(
    processId: string,
    spec: SpawnSpec,
    owner: ProcessOwner,
    noStart: NoStart,
    environmentId: string | null = null,
    triedAt?: number,
  ): ManagedProcess | undefined {
    if (this.#admission.isClosed) return undefined;
    return this.#list(processId, spec, owner, new Unstarted(noStart, environmentId, triedAt));
  }

  get(id: string): ManagedProcess | undefined {
    return this.#rows.get(id);
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
    this.#output.configure(this.#limits, this.#rows.values());
    this.#trimFinished();
  }

  /** Removes all closed rows. Whoever still holds one can read it on. */
  clearFinished(): void {
    for (const row of this.#finished.list()) this.#remove(row);
  }

  /** Removes one row, if it is closed and there. */
  clear(row: ManagedProcess): void {
    if (this.#finished.has(row)) this.#remove(row);
  }

  /** Kills what lingers of the process group of a closed process, if anything does; nothing otherwise. */
  killLingering(row: ManagedProcess): void {
    this.#lingering.kill(row.lingering);
  }

  /**
   * Refuses new starts and ends everything by the stop ladder, within 3 s. Resolves with what is left.
   *
   * @param options.graceMs between asking and killing, 1500 at most and when absent
   * @param options.reopen accept new starts afterwards
   */
  async shutdown(options: { graceMs?: number; reopen?: boolean } = {}): Promise<Survivor[]> {
    this.#admission.isClosed = true;
    const graceMs = Math.min(options.graceMs ?? LONGEST_SHUTDOWN_GRACE_MS, LONGEST_SHUTDOWN_GRACE_MS);
    // What comes of a start later is killed at once.
    await this.#admission.settled(graceMs);
    const stop = { from: 'terminate', graceMs, by: 'shutdown' } as const;
    const stops = this.list().map((row) => row.stop(stop));
    const survivors = await Promise.all([...stops, this.#stopOrphans(stop)]);
    this.#lingering.killAll();
    this.#means.guard?.dispose();
    if (options.reopen) this.#admission.isClosed = false;
    return unique(survivors.flat());
  }

  /** Gives up output that is kept in files; what is in memory can be read on. */
  forgetSpilled(): void {
    this.#output.forgetSpilled();
  }

  /** SIGKILL for everything, in this turn: for an `exit` handler, where nothing can be waited for. */
  killAllNow(): void {
    this.#admission.isClosed = true;
    for (const row of this.#rows.values()) row.killNow();
    this.#lingering.killAll();
    if (this.#lastId > 0) orphansOfThisHost().killNow();
    this.#means.guard?.disposeNow();
  }

  readonly #loadPlatform: PlatformLoader = () => {
    const platform = this.#means.loadPlatform();
    if (!this.#toldLosses) for (const loss of platform.losses) this.#means.warn(loss);
    this.#toldLosses = true;
    return platform;
  };

  async #start(
    processId: string,
    spec: SpawnSpec,
    owner: ProcessOwner,
    startIt: () => Promise<AnyChild>,
  ): Promise<ManagedProcess> {
    const row = this.#list(processId, spec, owner, await startIt());
    if (this.#admission.isClosed) row.killNow();
    this.#admission.check();
    return row;
  }

  #list(processId: string, spec: SpawnSpec, owner: ProcessOwner, child: AnyChild): ManagedProcess {
    const identity = { id: `p${++this.#lastId}`, clientProcessId: processId, owner };
    const log = this.#output.newLog(child.pid !== null);
    const row = new ManagedProcess(identity, spec, child, log, {
      changed: (changed) => this.#onChange(changed),
      typed: (...told) => this.#tell('typed', ...told),
    });
    if (this.#means.attended) row.keyboard.guard();
    this.#rows.set(row.id, row);
    this.#output.added(row, log);
    if (!row.shown) this.#means.guard?.note(row.tree);
    this.#tell('added', row);
    return row;
  }

  #onChange(row: ManagedProcess): void {
    if (row.closed && !this.#finished.has(row) && this.#rows.has(row.id)) {
      this.#finished.add(row);
      this.#output.finished(row);
      this.#lingering.ended(row);
    }
    this.#tell('changed', row);
    this.#trimFinished();
  }

  /** What left its tree, whose row may be gone for long. */
  async #stopOrphans(options: StopOptions): Promise<Survivor[]> {
    if (this.#lastId === 0) return [];
    const tree = orphansOfThisHost();
    return escalate({ tree, exited: () => true, reached: () => undefined }, options);
  }

  #trimFinished(): void {
    for (;;) {
      const row = this.#finished.surplus(this.#limits.maxFinished);
      if (!row) return;
      this.#remove(row);
    }
  }

  #remove(row: ManagedProcess): void {
    this.#finished.remove(row);
    this.#rows.delete(row.id);
    this.#output.removed(row);
    this.#tell('removed', row);
  }

  /** A listener that fails must not keep a child from being looked after. */
  #tell<E extends keyof TableEvents>(event: E, ...told: TableEvents[E]): void {
    try {
      (this as EventEmitter).emit(event, ...told);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }
}

/** Each is told once, though several stops may have met it. */
function unique(survivors: readonly Survivor[]): Survivor[] {
  const told = new Set<string>();
  // The same number may be another's on another machine.
  const name = ({ pid, command }: Survivor): string => `${pid} ${command}`;
  return survivors.filter((each) => each.pid === null || (!told.has(name(each)) && told.add(name(each))));
}
