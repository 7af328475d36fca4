import type { HostParams, NoStart, ProcessOwner, StopOptions } from '../../environment';
import { internalError, invalidRequest } from '../../protocol';
import type { MemoryShare } from '../../rpc';
import type { HostProcess, ServerBackend } from '../backend';
import type { Logger } from '../logger';
import type { NotificationSink } from './notificationSink';
import { ProcessEntry } from './processEntry';
import { ProcessMemory } from './processMemory';
import { stopProcess } from './stopProcess';

/** How long a process whose connection has ended may take when it is asked to end, in ms. */
const GONE_GRACE_MS = 500;

/** What to start; the rest follows from the namespace. */
export type NamespaceParams = Omit<HostParams, 'processId' | 'owner'>;

/** How one namespace differs from another. */
export interface NamespacePolicy {
  readonly owner: ProcessOwner;
  readonly backend: ServerBackend;
  readonly log: Logger;
  /** Counts what is kept of a process, and its unread input. */
  readonly memory: MemoryShare;
  /** What the processes end with, as errors call it: `this session`. */
  readonly holder: string;
  /** Processes that have not closed. */
  readonly maxProcesses: number;
  /** Which closed ones stay known; absent where the dialect forgets each by itself. */
  readonly retained?: {
    /** Milliseconds. */
    readonly ms: number;
    /** The oldest leave early. */
    readonly count: number;
  };
}

/** The processes of one client by the ids that it gave them. All of them end with the namespace. */
export class ProcessNamespace {
  private readonly known = new Map<string, ProcessEntry>();
  /** Not closed yet, whether their ids are still known or not. */
  private readonly open = new Set<ProcessEntry>();
  /** Closed ones and the timers that will forget them, oldest first. */
  private readonly retained = new Map<ProcessEntry, NodeJS.Timeout>();
  /** Set once it has ended. */
  private endedBy: StopOptions['by'] | undefined;

  /** @param onEnd called when it has ended */
  constructor(
    private readonly policy: NamespacePolicy,
    private readonly onEnd: (namespace: ProcessNamespace) => void = () => undefined,
  ) {}

  /** How many have not closed. */
  get openCount(): number {
    return this.open.size;
  }

  find(id: string): ProcessEntry | undefined {
    return this.known.get(id);
  }

  /** Finds it and waits for a start under way, so that requests may be sent right behind the start. */
  async findStarted(id: string): Promise<ProcessEntry | undefined> {
    const entry = this.known.get(id);
    if (!entry || entry.process) return entry;
    await entry.settled;
    return this.known.get(id);
  }

  /**
   * Starts a process under an id that is free.
   * @param endsWith the connection that it ends with, also while it is being started
   * @throws RpcError -32600 (id taken, too many), -32603 (cancelled), BudgetError (no memory for what is to be kept of
   * it), or what the backend throws; the id is free then
   */
  async start(id: string, params: NamespaceParams, endsWith?: NotificationSink): Promise<ProcessEntry> {
    const { backend, owner } = this.policy;
    const entry = this.reserve(id, params);
    entry.endsWith = endsWith;
    let starting: Promise<HostProcess>;
    let process: HostProcess | undefined;
    try {
      // The params last: put first they take V8 ten times as long.
      starting = backend.start({ processId: id, owner, ...params });
      // A start may wait for a disk for ever; whoever cancels it does not.
      process = await Promise.race([starting, entry.cancelled.then(() => undefined)]);
    } catch (error) {
      this.fail(entry);
      throw error;
    }
    if (process) entry.started(process);
    if (process && !entry.isEnding) return entry;
    this.fail(entry);
    void starting.then(
      (late) => this.killLate(late),
      () => undefined,
    );
    throw internalError(`process ${id} start was cancelled`);
  }

  /** A start was refused before it came here: people are shown that. */
  refused(id: string, params: NamespaceParams, noStart: NoStart): void {
    const { backend, owner } = this.policy;
    backend.refused?.({ ...params, processId: id, owner }, noStart);
  }

  private killLate(process: HostProcess): Promise<void> {
    return stopProcess(process, { from: 'kill', by: this.endedBy ?? 'client' }, this.policy.log);
  }

  /** A connection has ended: what was to end with it is killed, and nobody is told. */
  connectionEnded(sink: NotificationSink): void {
    const gone = [...this.open].filter(({ endsWith }) => endsWith === sink);
    for (const entry of gone) void entry.end({ from: 'terminate', graceMs: GONE_GRACE_MS, by: 'gone' });
  }

  /** Its id is free again; the process goes on. */
  forget(entry: ProcessEntry): void {
    if (this.known.get(entry.id) === entry) this.known.delete(entry.id);
    if (!this.open.has(entry)) entry.memory[Symbol.dispose]();
  }

  /** Kills what is left of the process's group, now that it has exited. */
  killRest(entry: ProcessEntry): void {
    if (!entry.hasClosed) void entry.stop({ from: 'kill', by: 'client' });
    // The backend knows of what lingers only after it has told the end.
    else queueMicrotask(() => this.killLingering(entry));
  }

  /** Ends all of them; resolves when they have ended or outlived the ladder. Only the first call counts. */
  async end(options: StopOptions): Promise<void> {
    if (this.endedBy) return;
    this.endedBy = options.by;
    const entries = [...this.open];
    for (const entry of this.retained.keys()) this.expire(entry);
    this.known.clear();
    await Promise.all(entries.map((entry) => entry.end(options)));
    this.onEnd(this);
  }

  private reserve(id: string, params: NamespaceParams): ProcessEntry {
    const { holder, maxProcesses, log, memory } = this.policy;
    if (this.endedBy) throw invalidRequest(`${holder} has ended`);
    if (this.known.has(id)) throw invalidRequest(`process ${id} already exists`);
    if (this.open.size >= maxProcesses) {
      throw invalidRequest(
        `too many processes: ${holder} has ${maxProcesses} that have not closed; end some first`,
      );
    }
    const held = new ProcessMemory(memory, id, params);
    const entry = new ProcessEntry(id, log, held, (closed) => this.closed(closed));
    this.known.set(id, entry);
    this.open.add(entry);
    return entry;
  }

  private fail(entry: ProcessEntry): void {
    this.open.delete(entry);
    this.forget(entry);
    entry.failed();
  }

  private closed(entry: ProcessEntry): void {
    this.open.delete(entry);
    const { retained } = this.policy;
    if (this.known.get(entry.id) !== entry) entry.memory[Symbol.dispose]();
    if (entry.isEnding) this.killRest(entry);
    else if (retained) {
      this.retained.set(entry, setTimeout(() => this.expire(entry), retained.ms).unref());
      const [oldest] = this.retained.keys();
      if (this.retained.size > retained.count && oldest) this.expire(oldest);
    }
  }

  /** A closed one is no longer known. */
  private expire(entry: ProcessEntry): void {
    clearTimeout(this.retained.get(entry));
    this.retained.delete(entry);
    this.forget(entry);
    this.killLingering(entry);
  }

  private killLingering({ process }: ProcessEntry): void {
    if (process) this.policy.backend.killLingering(process);
  }
}
