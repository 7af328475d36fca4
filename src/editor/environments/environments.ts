import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { homedir, platform } from 'node:os';
import type { LogOutputChannel } from 'vscode';
import {
  EnvironmentManager,
  startElsewhere,
  WHOLE_ENVIRONMENT,
  type Environment,
  type EnvironmentConfig,
  type ExecParams,
  type ManagedProcess,
  type ProcessOwner,
  type ProcessTable,
} from '../../environment/index';
import { oneLine } from '../text/clean';
import type { EnvironmentFacts, EnvironmentState } from './describe';
import { LOCAL_ID, type Entries, type Entry } from './entries';
import { nativePath } from './nativePath';
import type { Tokens } from './tokens';

export interface EnvironmentsOptions {
  readonly table: ProcessTable;
  readonly tokens: Tokens;
  readonly log: LogOutputChannel;
  /** What the settings say now. */
  readonly entries: () => Entries;
  /** Whether anything may be run or connected in this workspace. */
  readonly allowed: () => boolean;
}

/** What is asked to start elsewhere; `env` is laid over that machine's own environment. */
export interface RemoteParams extends Omit<ExecParams, 'processId' | 'cwd' | 'envPolicy'> {
  /** Absolute path as it is written there, that machine's own folder when absent. */
  readonly cwd?: string | undefined;
}

/** What exec-servers call the systems that Node calls otherwise. */
const SYSTEM_NAMES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'macos',
  win32: 'windows',
};

/** The environments of the settings, connected when they are needed, with their processes in the one table. */
export class Environments extends EventEmitter<{ changed: [] }> {
  private readonly manager = new EnvironmentManager();
  private readonly tokenAsked = new Map<string, () => Promise<string | undefined>>();
  private readonly latencies = new Map<string, number>();
  /** One that a person is just attaching, not in the settings yet. */
  private candidate: Entry | undefined;
  private current: Entries = { good: [], faulty: [] };

  constructor(private readonly options: EnvironmentsOptions) {
    super();
    this.manager.onDidChange(() => this.changed());
    options.table.on('added', this.processChanged).on('changed', this.processChanged);
  }

  /** Takes over what the settings say now; what has not changed stays connected. */
  refresh(): void {
    this.current = this.options.allowed() ? this.options.entries() : { good: [], faulty: [] };
    this.apply();
  }

  get entries(): Entries {
    return this.current;
  }

  entry(id: string): Entry | undefined {
    return this.current.good.find((entry) => entry.id === id);
  }

  environment(id: string): Environment | undefined {
    return id === LOCAL_ID ? undefined : this.manager.get(id);
  }

  state(id: string): EnvironmentState {
    return id === LOCAL_ID ? 'connected' : (this.manager.get(id)?.state ?? 'disconnected');
  }

  facts(id: string): EnvironmentFacts {
    const info = this.manager.get(id)?.info;
    const entry = this.entry(id);
    return {
      kind: entry ? ('url' in entry ? 'url' : 'command') : 'local',
      state: this.state(id),
      latencyMs: this.latencies.get(id),
      shell: entry && info ? oneLine(info.shell.name) : undefined,
      os: entry ? info && oneLine(info.platformOs) : (SYSTEM_NAMES[platform()] ?? platform()),
      running: this.running(id).length,
    };
  }

  /** Where commands run there unless they say otherwise, as that machine writes it; known once it was connected. */
  folder(id: string): string {
    const info = this.manager.get(id)?.info;
    const os = info?.platformOs ?? '';
    return nativePath(info?.cwd, os) ?? nativePath(info?.userHomeDir, os) ?? '/';
  }

  /** What runs there and has not ended. */
  running(id: string): ManagedProcess[] {
    const place = id === LOCAL_ID ? null : id;
    return this.options.table.list().filter((process) => process.place === place && !process.closed);
  }

  /** Connects if it is not. Rejects with a sentence that names it, says what was tried and what to do. */
  async connect(id: string, signal?: AbortSignal): Promise<Environment> {
    const environment = this.manager.get(id);
    if (!environment || id === LOCAL_ID) throw new Error(`There is no environment ${JSON.stringify(id)}.`);
    if (!this.options.allowed()) throw new Error('Nothing is connected to in an untrusted workspace.');
    if (environment.state === 'connected') return environment;
    this.options.log.info(`Environment ${id}: connecting`);
    try {
      await environment.connect(signal);
    } catch (error) {
      this.options.log.warn(`Environment ${id}: ${error instanceof Error ? error.message : String(error)}`);
      throw error;
    }
    this.options.log.info(`Environment ${id}: connected`);
    void this.measure(id);
    return environment;
  }

  async disconnect(id: string): Promise<void> {
    await Promise.all(
      this.running(id).map((process) =>
        process.stop({ from: 'terminate', graceMs: STOP_GRACE_MS, by: 'person' }),
      ),
    );
    await this.manager.get(id)?.disconnect();
    this.latencies.delete(id);
    this.options.log.info(`Environment ${id}: disconnected`);
  }

  /** Connects with an entry that is not in the settings; `dropCandidate` is to follow in any case. */
  async tryOut(entry: Entry, signal: AbortSignal): Promise<void> {
    this.candidate = entry;
    this.apply();
    await this.connect(entry.id, signal);
  }

  /** The candidate is in the settings now, or is given up. */
  dropCandidate(): void {
    this.candidate = undefined;
    this.apply();
  }

  /** Starts a process there and lists it in the table. Never falls back to this machine. */
  async start(id: string, params: RemoteParams, owner: ProcessOwner): Promise<ManagedProcess> {
    const environment = await this.connect(id);
    const cwd = params.cwd ?? this.folder(id);
    const full: ExecParams = { ...params, processId: randomUUID(), cwd, envPolicy: WHOLE_ENVIRONMENT };
    return startElsewhere(
      this.options.table,
      { name: id, backend: environment.getExecBackend() },
      full,
      owner,
    );
  }

  /** Asks each connected environment how long an answer takes. */
  async measureAll(): Promise<void> {
    await Promise.all(this.current.good.map(({ id }) => this.measure(id)));
  }

  async dispose(): Promise<void> {
    this.options.table.off('added', this.processChanged).off('changed', this.processChanged);
    await this.manager[Symbol.asyncDispose]();
  }

  private async measure(id: string): Promise<void> {
    const environment = this.manager.get(id);
    if (environment?.state !== 'connected') return;
    try {
      this.latencies.set(id, await environment.ping());
      this.changed();
    } catch {
      // It is being lost, which is shown by its state.
    }
  }

  private apply(): void {
    const { good } = this.current;
    const entries = this.candidate && !this.entry(this.candidate.id) ? [...good, this.candidate] : good;
    this.manager.set(entries.map((entry) => this.configOf(entry)));
    this.changed();
  }

  private configOf(entry: Entry): EnvironmentConfig {
    if (!('url' in entry)) return { ...entry, args: [...(entry.args ?? [])], cwd: entry.cwd ?? homedir() };
    return { ...entry, authBearerToken: this.tokenOf(entry.id) };
  }

  /** The same function each time, so that an entry that has not changed is seen as such. */
  private tokenOf(id: string): () => Promise<string | undefined> {
    const known = this.tokenAsked.get(id) ?? (() => this.options.tokens.get(id));
    this.tokenAsked.set(id, known);
    return known;
  }

  private readonly processChanged = (process: ManagedProcess): void => {
    if (this.current.good.length > 0 || process.place !== null) this.changed();
  };

  private changed(): void {
    this.emit('changed');
  }
}

/** As a person's Kill. */
const STOP_GRACE_MS = 2000;
