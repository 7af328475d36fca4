import { EventEmitter } from 'node:events';
import { homedir } from 'node:os';
import {
  EnvironmentManager,
  LOCAL_ENVIRONMENT_ID,
  type Environment,
  type EnvironmentConfig,
  type EnvironmentState,
  type ManagedProcess,
  type ProcessTable,
} from '../environment';
import type { Entries, Entry, ProgramEntry } from './entries';
import { nativePath } from './nativePath';
import { messageOf } from '../values';

export interface EnvironmentsOptions {
  readonly table: ProcessTable;
  /** The token of an environment, asked for before each connection; none when absent. */
  readonly token?: (id: string) => Promise<string | undefined>;
  readonly log?: { info(text: string): void; warn(text: string): void };
  /** What is configured now, nothing when absent. */
  readonly entries?: () => Entries;
  /** What an entry's program is run with in its place; the entry itself when absent. */
  readonly programOf?: (entry: ProgramEntry) => ProgramEntry;
  /** Whether anything may be run or connected in this workspace. */
  readonly allowed: () => boolean;
}

const NO_ENTRIES: Entries = { good: [], faulty: [] };

/** The environments that are configured, connected when they are needed, with their processes in the one table. */
export class Environments extends EventEmitter<{
  changed: [];
  /** A line that the program of an environment wrote to its stderr. */
  said: [id: string, line: string];
}> {
  private readonly manager: EnvironmentManager;
  private readonly tokenAsked = new Map<string, () => Promise<string | undefined>>();
  private readonly heard = new Map<string, (line: string) => void>();
  private readonly latencies = new Map<string, number>();
  /** One that a person is just attaching, not in the settings yet. */
  private candidate: Entry | undefined;
  private current = NO_ENTRIES;

  constructor(private readonly options: EnvironmentsOptions) {
    super();
    this.manager = new EnvironmentManager({ table: options.table });
    this.manager.onDidChange(() => this.changed());
    options.table.on('added', this.processChanged).on('changed', this.processChanged);
  }

  /** Takes over what the settings say now; what has not changed stays connected. */
  refresh(): void {
    this.current = this.options.allowed() ? (this.options.entries?.() ?? NO_ENTRIES) : NO_ENTRIES;
    this.apply();
  }

  get entries(): Entries {
    return this.current;
  }

  entry(id: string): Entry | undefined {
    return this.current.good.find((entry) => entry.id === id);
  }

  environment(id: string): Environment | undefined {
    return id === LOCAL_ENVIRONMENT_ID ? undefined : this.manager.get(id);
  }

  state(id: string): EnvironmentState {
    return id === LOCAL_ENVIRONMENT_ID ? 'connected' : (this.manager.get(id)?.state ?? 'disconnected');
  }

  /** Ms that an answer took when it was asked last. */
  latencyMs(id: string): number | undefined {
    return this.latencies.get(id);
  }

  /** Where commands run there unless they say otherwise, as that machine writes it; known once it was connected. */
  folder(id: string): string {
    const info = this.manager.get(id)?.info;
    const os = info?.platformOs ?? '';
    return nativePath(info?.cwd, os) ?? nativePath(info?.userHomeDir, os) ?? '/';
  }

  /** What runs there and has not ended. */
  running(id: string): ManagedProcess[] {
    const place = id === LOCAL_ENVIRONMENT_ID ? null : id;
    return this.options.table.list().filter((process) => process.environmentId === place && !process.closed);
  }

  /** Connects if it is not. Rejects with a sentence that names it, says what was tried and what to do. */
  async connect(id: string, signal?: AbortSignal): Promise<Environment> {
    const environment = this.manager.get(id);
    if (!environment || id === LOCAL_ENVIRONMENT_ID) throw new Error(this.unknown(id));
    if (!this.options.allowed()) throw new Error('Nothing is connected to in an untrusted workspace.');
    if (environment.state === 'connected') return environment;
    this.options.log?.info(`Environment ${id}: connecting`);
    try {
      await environment.connect(signal);
    } catch (error) {
      this.options.log?.warn(`Environment ${id}: ${messageOf(error)}`);
      throw error;
    }
    this.options.log?.info(`Environment ${id}: connected`);
    void this.measure(id);
    return environment;
  }

  async disconnect(id: string): Promise<void> {
    await Promise.all(this.running(id).map((process) => process.stop({ from: 'terminate', by: 'person' })));
    await this.manager.get(id)?.disconnect();
    this.latencies.delete(id);
    this.options.log?.info(`Environment ${id}: disconnected`);
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

  private unknown(id: string): string {
    const known = [LOCAL_ENVIRONMENT_ID, ...this.current.good.map((entry) => entry.id)];
    return `there is no environment ${JSON.stringify(id.slice(0, 100))}; there are ${known.join(', ')}`;
  }

  private apply(): void {
    const { good } = this.current;
    const entries = this.candidate && !this.entry(this.candidate.id) ? [...good, this.candidate] : good;
    this.manager.set(entries.map((entry) => this.configOf(entry)));
    this.changed();
  }

  private configOf(entry: Entry): EnvironmentConfig {
    if (!('url' in entry)) {
      const { args = [], cwd = homedir(), ...rest } = this.options.programOf?.(entry) ?? entry;
      return { ...rest, args: [...args], cwd, onStderr: this.hearOf(entry.id) };
    }
    return { ...entry, authBearerToken: this.tokenOf(entry.id) };
  }

  /** Asks for an entry's token. One function for each entry, so that one that has not changed is seen as such. */
  private tokenOf(id: string): () => Promise<string | undefined> {
    const known = this.tokenAsked.get(id) ?? (() => Promise.resolve(this.options.token?.(id)));
    this.tokenAsked.set(id, known);
    return known;
  }

  private hearOf(id: string): (line: string) => void {
    const known = this.heard.get(id) ?? ((line: string) => this.hear(id, line));
    this.heard.set(id, known);
    return known;
  }

  private hear(id: string, line: string): void {
    this.options.log?.info(`Environment ${id}: it says: ${line}`);
    this.emit('said', id, line);
  }

  private readonly processChanged = (process: ManagedProcess): void => {
    if (this.current.good.length > 0 || process.environmentId !== null) this.changed();
  };

  private changed(): void {
    this.emit('changed');
  }
}
