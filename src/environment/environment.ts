import type { ConnectOptions, EnvironmentInfo, ExecServerAddress } from '../client';
import { hostEnvironment } from '../process/hostEnvironment';
import { ProcessTable } from '../process/processTable';
import { addressOf, type EnvironmentConfig } from './environmentConfig';
import type { ExecBackend } from './execBackend';
import { LazyClient, type EnvironmentState } from './lazyClient';
import { LocalExecBackend } from './localExecBackend';
import { LocalHostBackend } from './localHostBackend';
import { RemoteExecBackend } from './remoteExecBackend';

export const LOCAL_ENVIRONMENT_ID = 'local';
/** Of the environment that `CODEX_EXEC_SERVER_URL` or `Environment.create` names. */
export const REMOTE_ENVIRONMENT_ID = 'remote';

/** This machine, as its owner sets it up. */
export interface LocalPlace {
  readonly backend: ExecBackend;
  readonly info?: EnvironmentInfo | undefined;
  /** Ends what belongs to it. */
  readonly dispose?: () => Promise<void>;
}

/** A machine on which processes can be started: this one, or the one of an exec-server. */
export class Environment implements AsyncDisposable {
  private readonly listeners = new Set<() => void>();
  private readonly backend: ExecBackend;
  private readonly lazy: LazyClient | undefined;

  private constructor(
    readonly id: string,
    private readonly place:
      LocalPlace | { readonly address: ExecServerAddress; readonly options: ConnectOptions },
  ) {
    if ('backend' in place) {
      this.backend = place.backend;
      return;
    }
    const lazy = new LazyClient(id, place.address, place.options, () => this.changed());
    this.lazy = lazy;
    this.backend = new RemoteExecBackend(() => lazy.use());
  }

  /**
   * The environment at `url`, connected; without a URL this machine, with a process table of its own that ends with
   * the environment. Rejects with a ConnectError; this machine never takes the place of another.
   */
  static async create(url?: string): Promise<Environment> {
    if (url === undefined) return Environment.local(ownPlace());
    const environment = Environment.remote({ id: REMOTE_ENVIRONMENT_ID, url });
    await environment.connect();
    return environment;
  }

  /** This machine. */
  static local(place: LocalPlace): Environment {
    return new Environment(LOCAL_ENVIRONMENT_ID, place);
  }

  /** Another machine; its first use connects. */
  static remote(config: EnvironmentConfig, options: ConnectOptions = {}): Environment {
    return Environment.at(config.id, addressOf(config), options);
  }

  /** As `remote`, for any address. */
  static at(id: string, address: ExecServerAddress, options: ConnectOptions = {}): Environment {
    return new Environment(id, { address, options });
  }

  get isLocal(): boolean {
    return this.lazy === undefined;
  }

  get state(): EnvironmentState {
    return this.lazy?.state ?? 'connected';
  }

  /** Why it is not connected, as a sentence. */
  get problem(): string | undefined {
    return this.lazy?.problem;
  }

  /** What the executor told about itself when it was connected to. */
  get info(): EnvironmentInfo | undefined {
    return 'backend' in this.place ? this.place.info : this.lazy?.current?.environmentInfo;
  }

  /** Starts processes there; connects when it has to. */
  getExecBackend(): ExecBackend {
    return this.backend;
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lazy?.remove();
    if ('backend' in this.place) await this.place.dispose?.();
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function ownPlace(): LocalPlace {
  const table = new ProcessTable();
  const host = new LocalHostBackend(table, () => hostEnvironment(process.env));
  const atExit = () => table.killAllNow();
  process.once('exit', atExit);
  return {
    backend: new LocalExecBackend(host, { id: LOCAL_ENVIRONMENT_ID, name: LOCAL_ENVIRONMENT_ID }),
    dispose: async () => {
      process.off('exit', atExit);
      await table.shutdown();
    },
  };
}
