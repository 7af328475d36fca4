import { isDeepStrictEqual } from 'node:util';
import type { ConnectOptions } from '../client';
import { ProcessTable } from '../process';
import {
  Environment,
  LOCAL_ENVIRONMENT_ID,
  REMOTE_ENVIRONMENT_ID,
  type EnvironmentOptions,
} from './environment';
import type { EnvironmentConfig } from './environmentConfig';

/** The variable in which a person names the exec-server to use. */
export const CODEX_EXEC_SERVER_URL = 'CODEX_EXEC_SERVER_URL';

/** What an `EnvironmentManager` begins with. */
export interface EnvironmentManagerOptions {
  /** This machine; without it nothing runs here. It is disposed of with the manager. */
  readonly local?: Environment | undefined;
  /** For the connections to all others. */
  readonly connect?: ConnectOptions;
  /**
   * Lists the processes of all others; one of the manager's own when absent.
   *
   * @internal
   */
  readonly table?: ProcessTable | undefined;
}

interface Entry {
  readonly environment: Environment;
  readonly config: EnvironmentConfig;
  readonly stop: () => void;
}

/** All environments by id, and the default one. An unknown id is never replaced by another environment. */
export class EnvironmentManager implements AsyncDisposable {
  private readonly local: Environment | undefined;
  private readonly environmentOptions: EnvironmentOptions;
  private readonly listeners = new Set<() => void>();
  private entries = new Map<string, Entry>();
  private defaultId: string | undefined;
  private readonly ending = new Set<Promise<void>>();

  constructor(options: EnvironmentManagerOptions = {}) {
    const { local, connect = {}, table } = options;
    this.local = local;
    this.environmentOptions = { ...connect, table: table ?? new ProcessTable({ maxFinished: 0 }) };
    this.defaultId = local?.id;
  }

  /**
   * Reads the reference's variable: `CODEX_EXEC_SERVER_URL` is the default environment, under the id `remote`; `none`
   * means no environment at all; absent or empty means this machine.
   *
   * @param local makes this machine's environment; not called for `none`
   */
  static async fromEnv(
    env: Readonly<Record<string, string | undefined>> = process.env,
    local: () => Environment | Promise<Environment> = () => Environment.create(),
    connect: ConnectOptions = {},
  ): Promise<EnvironmentManager> {
    const url = env[CODEX_EXEC_SERVER_URL]?.trim() ?? '';
    if (url.toLowerCase() === 'none') return new EnvironmentManager();
    const manager = new EnvironmentManager({ local: await local(), connect });
    if (url !== '') manager.set([{ id: REMOTE_ENVIRONMENT_ID, url }], REMOTE_ENVIRONMENT_ID);
    return manager;
  }

  /** This machine first, then the others in the order of their configuration. */
  list(): readonly Environment[] {
    const others = [...this.entries.values()].map(({ environment }) => environment);
    return this.local ? [this.local, ...others] : others;
  }

  /** The environment of this id; undefined for one that is not configured. */
  get(id: string): Environment | undefined {
    return id === this.local?.id ? this.local : this.entries.get(id)?.environment;
  }

  /** Undefined where all is disabled, and when the chosen one has been removed. */
  get defaultEnvironment(): Environment | undefined {
    return this.defaultId === undefined ? undefined : this.get(this.defaultId);
  }

  /**
   * The environments besides this machine, all of them. Equal ones stay as they are, connection included; others are
   * made anew, and removed ones are disposed of. Returns a sentence for each that was left out.
   *
   * @param defaultId the one that is meant when nobody says; unchanged when absent
   */
  set(configs: readonly EnvironmentConfig[], defaultId = this.defaultId): readonly string[] {
    const problems: string[] = [];
    const next = new Map<string, Entry>();
    for (const config of configs) {
      const problem = problemOf(config.id, next.has(config.id));
      if (problem === undefined) next.set(config.id, this.entryFor(config));
      else problems.push(problem);
    }
    const removed = [...this.entries.values()].filter((entry) => next.get(entry.config.id) !== entry);
    this.entries = next;
    this.defaultId = defaultId;
    if (defaultId !== undefined && !this.get(defaultId)) {
      problems.push(`the default environment ${JSON.stringify(defaultId)} is not configured; choose another`);
    }
    for (const entry of removed) this.end(entry);
    this.changed();
    return problems;
  }

  /** Calls `listener` when environments come, go, or change; returns the way to stop. */
  onDidChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Ends all connections and this machine's processes. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.set([]);
    await Promise.all(this.ending);
    await this.local?.[Symbol.asyncDispose]();
  }

  private entryFor(config: EnvironmentConfig): Entry {
    const known = this.entries.get(config.id);
    if (known && isDeepStrictEqual(known.config, config)) return known;
    const environment = Environment.remote(config, this.environmentOptions);
    return { environment, config, stop: environment.onDidChange(() => this.changed()) };
  }

  private end({ environment, stop }: Entry): void {
    stop();
    const end = environment[Symbol.asyncDispose]().finally(() => this.ending.delete(end));
    this.ending.add(end);
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function problemOf(id: string, isTaken: boolean): string | undefined {
  const quoted = JSON.stringify(id);
  if (id === '') return 'an environment has an empty id; give it a name';
  if (id === LOCAL_ENVIRONMENT_ID)
    return `the environment id ${quoted} stands for this machine; choose another`;
  if (isTaken)
    return `the environment id ${quoted} is used twice; only the first one counts, rename the other`;
  return undefined;
}
