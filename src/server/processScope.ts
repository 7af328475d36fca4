import type { HostParams, HostProcess, ProcessOwner, StopOptions } from '../environment';
import { internalError, invalidRequest } from '../protocol';
import type { ServerBackend } from './backend';
import type { Logger } from './logger';
import { ScopedProcess } from './scopedProcess';

/** What to start; the rest follows from the scope. */
export type ScopedParams = Omit<HostParams, 'processId' | 'owner'>;

export interface ScopeServices {
  readonly owner: ProcessOwner;
  readonly backend: ServerBackend;
  /** Processes that have not closed. */
  readonly maxProcesses: number;
  readonly log: Logger;
}

/** A name space of processes that end with their connection (PROTOCOL chapters 14 to 16). */
export class ProcessScope {
  private readonly known = new Map<string, ScopedProcess>();
  /** Not closed yet, whether their ids are still known or not. */
  private readonly open = new Set<ScopedProcess>();
  private ended = false;

  constructor(
    private readonly services: ScopeServices,
    private readonly onEnd: (scope: ProcessScope) => void,
  ) {}

  find(id: string): ScopedProcess | undefined {
    return this.known.get(id);
  }

  /** As above; waits for a start under way, so that requests may be sent right behind it. */
  async findStarted(id: string): Promise<ScopedProcess | undefined> {
    const entry = this.known.get(id);
    if (!entry || entry.process) return entry;
    await entry.settled;
    return this.known.get(id);
  }

  /**
   * Starts a process under an id that nothing known has. Throws RpcError -32600 (too many) or what the
   * backend throws; the id is free again then.
   */
  async start(id: string, params: ScopedParams): Promise<ScopedProcess> {
    const { backend, owner } = this.services;
    const entry = this.reserve(id);
    let process: HostProcess;
    try {
      process = await backend.start({ ...params, processId: id, owner });
    } catch (error) {
      this.fail(entry);
      throw error;
    }
    entry.started(process);
    if (!entry.isEnding) return entry;
    this.fail(entry);
    void entry.end({ from: 'kill', by: 'client' });
    throw internalError('the start was cancelled: the connection has ended');
  }

  /** Its id is free again; the process goes on. */
  forget(entry: ScopedProcess): void {
    if (this.known.get(entry.id) === entry) this.known.delete(entry.id);
  }

  /** Kills what is left of the process's group, now that it has exited. */
  killRest(entry: ScopedProcess): void {
    if (!entry.hasClosed) void entry.stop({ from: 'kill', by: 'client' });
    else queueMicrotask(() => this.killLeftovers(entry));
  }

  /** Ends all of them; resolves when they have ended or outlived the ladder. Only the first call counts. */
  async end(options: StopOptions): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    const entries = [...this.open];
    this.known.clear();
    await Promise.all(entries.map((entry) => entry.end(options)));
    this.onEnd(this);
  }

  /** The backend knows of leftovers only after it has told the end. */
  private killLeftovers({ process }: ScopedProcess): void {
    if (process) this.services.backend.killLeftovers?.(process);
  }

  private reserve(id: string): ScopedProcess {
    const { maxProcesses, log } = this.services;
    if (this.ended) throw invalidRequest('the connection has ended');
    if (this.open.size >= maxProcesses) {
      throw invalidRequest(
        `too many processes: this connection has ${maxProcesses} that have not closed; end some first`,
      );
    }
    const entry = new ScopedProcess(id, log, (closed) => this.closed(closed));
    this.known.set(id, entry);
    this.open.add(entry);
    return entry;
  }

  private fail(entry: ScopedProcess): void {
    this.forget(entry);
    this.open.delete(entry);
    entry.failed();
  }

  private closed(entry: ScopedProcess): void {
    this.open.delete(entry);
    if (entry.isEnding) this.killRest(entry);
  }
}
