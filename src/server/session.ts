import type { HostProcess, ProcessOwner, StopOptions } from '../environment';
import { internalError, invalidRequest } from '../protocol';
import type { ServerBackend } from './backend';
import type { DialectName } from './dialectName';
import type { ServerLimits } from './limits';
import type { Logger } from './logger';
import type { Outlet } from './outlet';
import { ProcessScope } from './processScope';
import { SessionProcess, type EncodeEvent, type ProcessHost } from './sessionProcess';
import { stopProcess } from './stopProcess';

/** A client's processes, by their ids. It outlives its connections for a while (PROTOCOL chapter 3.3). */
export class Session implements ProcessHost {
  readonly since = Date.now();
  private readonly entries = new Map<string, SessionProcess>();
  /** Closed entries and the timers that will forget them, oldest first. */
  private readonly retained = new Map<SessionProcess, NodeJS.Timeout>();
  /** Of the attached connection. */
  private readonly scopes = new Set<ProcessScope>();
  private attached: Outlet | undefined;
  private ended = false;

  constructor(
    readonly id: string,
    /** What the client calls itself; untrusted text. */
    readonly name: string,
    private readonly backend: ServerBackend,
    private readonly limits: ServerLimits,
    private readonly log: Logger,
  ) {}

  get outlet(): Outlet | undefined {
    return this.attached;
  }

  get isAttached(): boolean {
    return this.attached !== undefined;
  }

  /** Under whom people see what was started in this dialect. */
  owner(dialect: DialectName): ProcessOwner {
    return { id: this.id, name: this.name, dialect };
  }

  attach(outlet: Outlet): void {
    this.attached = outlet;
  }

  /** Processes run on; what holds them back is let go. */
  detach(): void {
    this.attached?.release();
    this.attached = undefined;
  }

  /** A name space for processes of this client that end with its connection. Throws RpcError -32600 at the end. */
  openScope(dialect: DialectName): ProcessScope {
    if (this.ended) throw invalidRequest(`session ${this.id} has ended`);
    const { backend, log } = this;
    const maxProcesses = this.limits.processesPerSession;
    const services = { owner: this.owner(dialect), backend, maxProcesses, log };
    const scope = new ProcessScope(services, (ended) => this.scopes.delete(ended));
    this.scopes.add(scope);
    return scope;
  }

  find(processId: string): SessionProcess | undefined {
    return this.entries.get(processId);
  }

  /** As above; waits for a start under way, so that requests may be sent right behind their `process/start`. */
  async findStarted(processId: string): Promise<SessionProcess | undefined> {
    const entry = this.entries.get(processId);
    if (!entry || entry.process) return entry;
    await entry.settled;
    return this.entries.get(processId);
  }

  /**
   * Starts a process under an id that is free in this session. Its events are sent from `follow` on.
   * Throws RpcError -32600 (id taken, too many) or what the backend throws; the id is free again then.
   */
  async start(
    processId: string,
    encode: EncodeEvent,
    spawn: (backend: ServerBackend) => Promise<HostProcess>,
  ): Promise<SessionProcess> {
    const entry = this.reserve(processId, encode);
    let process: HostProcess;
    try {
      process = await spawn(this.backend);
    } catch (error) {
      this.fail(entry);
      throw error;
    }
    entry.started(process);
    if (!entry.cancelled) return entry;
    this.fail(entry);
    void this.stop(process, { from: 'kill', by: this.ended ? 'shutdown' : 'client' });
    throw internalError(`process ${processId} start was cancelled`);
  }

  private fail(entry: SessionProcess): void {
    this.entries.delete(entry.processId);
    entry.failed();
  }

  private reserve(processId: string, encode: EncodeEvent): SessionProcess {
    if (this.ended) throw invalidRequest(`session ${this.id} has ended`);
    if (this.entries.has(processId)) throw invalidRequest(`process ${processId} already exists`);
    const { processesPerSession } = this.limits;
    if (this.entries.size - this.retained.size >= processesPerSession) {
      throw invalidRequest(
        `too many processes: this session has ${processesPerSession} that have not closed; end some first`,
      );
    }
    const entry = new SessionProcess(processId, this, encode);
    this.entries.set(processId, entry);
    return entry;
  }

  /**
   * Ends a process without waiting for it: false if it is unknown or has exited. PROTOCOL chapters 9 and 17.
   *
   * @param graceMs asks first and kills after so many milliseconds; absent to kill at once
   */
  terminate(processId: string, graceMs?: number): boolean {
    const entry = this.entries.get(processId);
    if (!entry || entry.hasExited) return false;
    if (!entry.process) entry.cancelled = true;
    else if (graceMs === undefined) void this.stop(entry.process, { from: 'kill', by: 'client' });
    else if (entry.isSoonest(graceMs)) {
      void this.stop(entry.process, { from: 'terminate', graceMs, by: 'client' });
    }
    return true;
  }

  closed(entry: SessionProcess): void {
    if (this.ended) return;
    const timer = setTimeout(() => this.forget(entry), this.limits.retainClosedMs).unref();
    this.retained.set(entry, timer);
    const [oldest] = this.retained.keys();
    if (this.retained.size > this.limits.retainClosedCount && oldest) this.forget(oldest);
  }

  private forget(entry: SessionProcess): void {
    clearTimeout(this.retained.get(entry));
    this.retained.delete(entry);
    this.entries.delete(entry.processId);
    if (entry.process) this.backend.killLeftovers?.(entry.process);
  }

  /** Ends all of its processes and forgets them; resolves when they have ended or outlived the ladder. */
  async end(options: StopOptions): Promise<void> {
    this.ended = true;
    this.detach();
    const entries = [...this.entries.values()];
    for (const entry of this.retained.keys()) this.forget(entry);
    const scopes = [...this.scopes].map((scope) => scope.end(options));
    await Promise.all([...scopes, ...entries.map((entry) => this.endEntry(entry, options))]);
  }

  private async endEntry(entry: SessionProcess, options: StopOptions): Promise<void> {
    entry.cancelled = true;
    if (entry.process && !entry.hasClosed) await this.stop(entry.process, options);
  }

  private stop(process: HostProcess, options: StopOptions): Promise<void> {
    return stopProcess(process, options, this.log);
  }
}
