import type { ProcessOwner, StopOptions } from '../../environment';
import { MemoryShare } from '../../rpc';
import type { ClientDeed, Happened } from '../activity';
import type { ServerBackend } from '../backend';
import type { Budget } from '../budget';
import type { DialectName } from '../dialectName';
import type { ServerLimits } from '../limits';
import type { Logger } from '../logger';
import type { NotificationSink } from './notificationSink';
import { ProcessNamespace } from './processNamespace';

/** What sessions work with. */
export interface SessionMeans {
  readonly backend: ServerBackend;
  readonly limits: ServerLimits;
  readonly log: Logger;
  /** Pays for what they have the server hold. */
  readonly budget: Budget;
  /** Told what clients do besides running commands. */
  readonly happened?: Happened;
}

/**
 * A client with its processes. It outlives its connections for a while (docs/protocol/sessions.md#detach).
 */
export class Session {
  /** Milliseconds since 1970. */
  readonly since = Date.now();
  /** Those of today's exec-server: they live as long as the session. */
  readonly processes: ProcessNamespace;
  /** Those that end with the attached connection. */
  private readonly connectionProcesses = new Set<ProcessNamespace>();
  private attached: NotificationSink | undefined;
  private readonly memory: MemoryShare;

  constructor(
    readonly id: string,
    /** What the client calls itself; untrusted text. */
    readonly name: string,
    /** The budget is its own. */
    private readonly means: SessionMeans,
  ) {
    this.memory = new MemoryShare(means.budget);
    const { retainClosedMs: ms, retainClosedCount: count } = means.limits;
    const policy = { ...this.policy('exec-server', 'this session'), retained: { ms, count } };
    this.processes = new ProcessNamespace(policy);
  }

  /** The attached connection's, if there is one. */
  get sink(): NotificationSink | undefined {
    return this.attached;
  }

  get isAttached(): boolean {
    return this.attached !== undefined;
  }

  attach(sink: NotificationSink): void {
    this.attached = sink;
  }

  /** Processes run on but for those that end with their connection; what holds them back is let go. */
  detach(): void {
    const gone = this.attached;
    this.attached = undefined;
    gone?.release();
    if (gone) this.processes.connectionEnded(gone);
  }

  /** It has done this just now. */
  did(deed: ClientDeed): void {
    const { id, name } = this;
    this.means.happened?.({ ...deed, agent: { id, name } });
  }

  /** Whether something of it has not ended. */
  get isBusy(): boolean {
    return [this.processes, ...this.connectionProcesses].some(({ openCount }) => openCount > 0);
  }

  /** A namespace for processes of this client that end with its connection. */
  openNamespace(dialect: DialectName): ProcessNamespace {
    const policy = this.policy(dialect, 'this connection');
    const namespace = new ProcessNamespace(policy, (ended) => this.connectionProcesses.delete(ended));
    this.connectionProcesses.add(namespace);
    return namespace;
  }

  /** Ends all of its processes and forgets them; resolves when they have ended or outlived the ladder. */
  async end(options: StopOptions): Promise<void> {
    this.detach();
    const all = [this.processes, ...this.connectionProcesses];
    await Promise.all(all.map((namespace) => namespace.end(options)));
    this.means.budget[Symbol.dispose]();
  }

  private policy(dialect: DialectName, holder: string): ConstructorParameters<typeof ProcessNamespace>[0] {
    const { memory } = this;
    const { backend, log, limits } = this.means;
    // Under this name people see what was started in this dialect.
    const owner: ProcessOwner = { id: this.id, name: this.name, dialect };
    return { owner, backend, log, memory, holder, maxProcesses: limits.processesPerSession };
  }
}
