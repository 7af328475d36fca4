import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConnectOptions, EnvironmentInfo, ExecServerAddress } from '../client';
import { CWD_RULE, NOT_ELSEWHERE, type ExecParams } from '../model';
import { requestOfPolicy, SandboxRefusal } from '../sandbox';
import { ProcessTable, type ManagedProcess, type ProcessOwner } from '../process';
import { addressOf, type EnvironmentConfig } from './environmentConfig';
import type { ExecBackend } from './execBackend';
import { Host } from './host';
import { LazyClient, type EnvironmentState } from './lazyClient';
import { RemoteChild } from './remoteChild';
import { TableBackend } from './tableBackend';

/** The id of the environment that is this machine. */
export const LOCAL_ENVIRONMENT_ID = 'local';
/** The id of the environment that `CODEX_EXEC_SERVER_URL` or `Environment.create` names. */
export const REMOTE_ENVIRONMENT_ID = 'remote';

/** How another machine is connected to. */
export interface EnvironmentOptions extends ConnectOptions {
  /**
   * Lists the processes and bounds what is retained of their output; one of the environment's own when absent.
   *
   * @internal
   */
  readonly table?: ProcessTable | undefined;
}

/** Lists no finished rows: the log of a process is freed with its last handle. */
const UNLISTED = { maxFinished: 0 };

/** A machine on which processes can be started: this one, or the one of an exec-server. */
export class Environment implements AsyncDisposable {
  private readonly listeners = new Set<() => void>();
  private readonly backend: ExecBackend;
  private readonly table: ProcessTable;
  private readonly here: Host | undefined;
  private readonly lazy: LazyClient | undefined;

  private constructor(
    /** Unique in its manager; `local` for this machine. */
    readonly id: string,
    where: Host | { readonly address: ExecServerAddress; readonly options: EnvironmentOptions },
  ) {
    const owner = { id, name: id };
    this.backend = new TableBackend((params) => this.start(params, owner));
    if (where instanceof Host) {
      this.here = where;
      this.table = where.table;
      return;
    }
    const { table, ...options } = where.options;
    this.table = table ?? new ProcessTable(UNLISTED);
    this.lazy = new LazyClient(id, where.address, options, () => this.changed());
  }

  /**
   * The environment at `url`, connected; without a URL this machine, with a process table of its own that ends with
   * the environment. Rejects with a ConnectError; this machine never takes the place of another.
   */
  static async create(url?: string): Promise<Environment> {
    if (url === undefined) return new Environment(LOCAL_ENVIRONMENT_ID, new Host({ limits: UNLISTED }));
    const environment = Environment.remote({ id: REMOTE_ENVIRONMENT_ID, url });
    await environment.connect();
    return environment;
  }

  /** Another machine; its first use connects. */
  static remote(config: EnvironmentConfig, options: EnvironmentOptions = {}): Environment {
    return Environment.at(config.id, addressOf(config), options);
  }

  /** Another machine at any address; its first use connects. */
  static at(id: string, address: ExecServerAddress, options: EnvironmentOptions = {}): Environment {
    return new Environment(id, { address, options });
  }

  /** Whether it is this machine. */
  get isLocal(): boolean {
    return this.lazy === undefined;
  }

  /** Whether it can be used at once; always `connected` for this machine. */
  get state(): EnvironmentState {
    return this.lazy?.state ?? 'connected';
  }

  /** Why it is not connected, as a sentence. */
  get problem(): string | undefined {
    return this.lazy?.problem;
  }

  /** What the executor told about itself when it was connected to. */
  get info(): EnvironmentInfo | undefined {
    return this.lazy?.current?.environmentInfo;
  }

  /** Starts processes there; connects when it has to. */
  getExecBackend(): ExecBackend {
    return this.backend;
  }

  /**
   * Starts a process there and lists it in the table, under `owner`; connects when it has to. Rejects with a
   * SpawnError, a SandboxRefusal, a LimitError, the other host's words, or a sentence about the cwd. Nothing ever runs elsewhere instead.
   *
   * @internal
   */
  async start(params: ExecParams, owner: ProcessOwner): Promise<ManagedProcess> {
    const { here, lazy } = this;
    const { sandbox } = params;
    if (here)
      return here.backend.start({
        ...params,
        cwd: nativePath(params.cwd),
        sandbox: sandbox && requestOfPolicy(sandbox),
        owner,
      });
    if (sandbox) throw new SandboxRefusal('sandbox', NOT_ELSEWHERE, 'Start it on this machine.');
    const { processId, argv, cwd, env, tty, pipeStdin, arg0, size } = params;
    const spec = { argv, cwd, env, tty, pipeStdin, arg0, size };
    return this.table.adopt(processId, spec, owner, this.id, async () => {
      if (!lazy) throw new Error('no way to reach it');
      return RemoteChild.start(await lazy.use(), params, this.id);
    });
  }

  /** Connects, anew if the connection was lost. Rejects with a ConnectError, also when `signal` is aborted. */
  async connect(signal?: AbortSignal): Promise<void> {
    await this.lazy?.connect(signal);
  }

  /** Ends the connection and the processes there; the next use connects again. Nothing for this machine. */
  async disconnect(): Promise<void> {
    await this.lazy?.disconnect();
  }

  /** Ms from asking for the status to the answer; 0 for this machine. Connects when it has to. */
  async ping(): Promise<number> {
    return this.lazy ? await (await this.lazy.use()).ping() : 0;
  }

  /** Calls `listener` after each change of `state`, `problem` or `info`; returns the way to stop. */
  onDidChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Ends its processes and its connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.lazy?.remove();
    await this.here?.close();
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

/**
 * A path or `file:` URL as a path of this machine.
 *
 * @throws Error with a sentence for what is no absolute path here
 */
function nativePath(cwd: string): string {
  const path = /^file:/i.test(cwd) ? fileURLToPath(cwd) : cwd;
  if (isAbsolute(path)) return path;
  throw new Error(`${CWD_RULE}, got ${JSON.stringify(cwd)}`);
}
