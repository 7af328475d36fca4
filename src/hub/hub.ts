import { randomUUID } from 'node:crypto';
import {
  Host,
  type HostOptions,
  type ManagedProcess,
  type ProcessOwner,
  type StopOptions,
} from '../environment';
import type { LocalHostBackend, ProcessTable, Survivor } from '../environment';
import { Environments, type EnvironmentsOptions } from './environments';
import { LocalPlace, RemotePlace, type Place, type PlaceParams } from './place';

export interface HubOptions extends HostOptions {
  /** The machines besides this one, none when absent. */
  readonly environments?: Omit<EnvironmentsOptions, 'table' | 'allowed'>;
  /** Whether anything may be run or connected; always when absent. Asked each time. */
  readonly allowed?: () => boolean;
  /** The folder of commands on this machine that name none; absolute, that of this process when absent. */
  readonly folder?: () => string;
}

/**
 * The one place where processes are started, listed and stopped, here and elsewhere: the table with its guards, and
 * the environments. Whether a command runs on this machine or on another is decided here and nowhere else.
 */
export class Hub {
  readonly environments: Environments;
  private readonly host: Host;
  private readonly here: Place;
  private readonly allowed: () => boolean;

  constructor(options: HubOptions = {}) {
    const { environments = {}, allowed = () => true, folder = () => process.cwd(), ...host } = options;
    this.host = new Host(host);
    this.allowed = allowed;
    this.here = new LocalPlace(this.host.backend, folder);
    this.environments = new Environments({ ...environments, table: this.host.table, allowed });
  }

  /** Every process with its events: `added`, `changed`, `removed`. */
  get table(): ProcessTable {
    return this.host.table;
  }

  /** Starts processes of this machine for the clients of a server. */
  get local(): LocalHostBackend {
    return this.host.backend;
  }

  /** All processes, oldest start first. */
  list(): ManagedProcess[] {
    return this.table.list();
  }

  /** The process with this id, if it is still listed. */
  get(id: string): ManagedProcess | undefined {
    return this.table.get(id);
  }

  /**
   * Where commands of an environment run, connected if need be. Rejects with a sentence when nothing may be run, when
   * there is no such environment, or when it cannot be reached; nothing ever runs on this machine instead.
   *
   * @param environmentId this machine when absent
   */
  async place(environmentId?: string): Promise<Place> {
    if (!this.allowed()) throw new Error('Nothing is run or connected to in an untrusted workspace.');
    if (environmentId === undefined || environmentId === this.here.id) return this.here;
    return new RemotePlace(await this.environments.connect(environmentId), this.environments);
  }

  /** Starts a process and lists it. Rejects as `place` does, with a SpawnError, a LimitError or the other host's words. */
  async start(params: PlaceParams, owner: ProcessOwner, environmentId?: string): Promise<ManagedProcess> {
    return (await this.place(environmentId)).start(params, owner);
  }

  /**
   * Starts the same once more, in the same place: with the same environment while that is known, which is until the
   * process has closed, then with that which commands have there. Rejects as `start` does.
   */
  async again(process: ManagedProcess, owner: ProcessOwner): Promise<ManagedProcess> {
    const { spec, environmentId, closed, kept } = process;
    if (environmentId !== null || closed || kept) return this.start(spec, owner, environmentId ?? undefined);
    // Only to be told if nothing may be run.
    await this.place();
    return this.local.start({ ...spec, processId: randomUUID(), owner });
  }

  /** Stops the process by the stop ladder. Resolves with the survivors; empty if `id` is unknown. */
  async stop(id: string, options: StopOptions): Promise<Survivor[]> {
    return (await this.get(id)?.stop(options)) ?? [];
  }

  /**
   * Ends everything by the ladder, within 3 s, and then the connections.
   *
   * @param options.graceMs between asking and killing, 1500 at most and when absent
   */
  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    await this.host.close(options);
    await this.environments.dispose();
  }
}

/** A hub with this process's guards: nothing that it starts outlives this process. */
export function createHub(options: HubOptions = {}): Hub {
  return new Hub(options);
}
