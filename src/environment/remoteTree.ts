import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecServerClient, RemoteProcess } from '../client';
import type { Look } from '../model';
import type { ProcessTree, Rung, Survivor } from '../process';

/** How long a stop waits for a look at another machine, in ms; what comes later counts the next time. */
const LOOK_MS = 250;
/** And the first, before anybody is asked to end. */
const FIRST_LOOK_MS = 1000;
/** And all after the end together: who was killed takes a moment to go, and a busy machine one to tell. */
const LAST_LOOKS_MS = 1000;
const BETWEEN_LOOKS_MS = 20;
/** So much later than this side the other one kills by itself, in ms: should the connection break meanwhile. */
const LATER_MS = 1000;

/** What a tree needs of a process that another host runs. */
export type FarProcess = Pick<RemoteProcess, 'pid' | 'signal' | 'sendSignal' | 'terminate' | 'look'> &
  Partial<Pick<RemoteProcess, 'connect'>>;

/** A process of another host and what came of it, as far as that host tells. */
export class RemoteTree implements ProcessTree {
  /** Where the host tells what came of it. */
  readonly look?: (ports: boolean) => Promise<Look>;
  /** Where the host passes signals on. */
  readonly send?: (signal: NodeJS.Signals, pid?: number) => Promise<boolean>;
  /** Where the host lets its ports be reached. */
  readonly connect?: (port: number) => Promise<Duplex>;
  #process: FarProcess | undefined;
  #ended = false;
  #looked: () => void = () => undefined;
  #looking: Promise<void> | undefined;
  /** The members that the last look found; undefined before it. */
  #members: readonly Survivor[] | undefined;
  /** What was asked for and is not answered yet. */
  readonly #asked = new Set<Rung>();

  /**
   * @param environmentId where it runs, as people call it; null for this machine
   * @param can what the host can do
   * @param stopping called before each request to end it
   */
  constructor(
    private readonly argv: readonly string[],
    private readonly environmentId: string | null,
    private readonly can: ExecServerClient['can'],
    private readonly stopping: () => void,
  ) {
    if (can('processMembers')) this.look = (ports) => this.#look(ports);
    if (can('processPorts')) this.connect = (port) => this.#connect(port);
    if (can('processSendSignal')) {
      this.send = async (signal, pid) => (await this.#process?.sendSignal(signal, pid)) ?? false;
    }
  }

  started(process: FarProcess): void {
    this.#process = process;
  }

  /** It has closed, or nothing more will be known. */
  ended(): void {
    this.#ended = true;
    this.#members = this.#members?.filter(({ pid }) => pid !== this.#process?.pid) ?? [];
  }

  signal(rung: Rung, graceMs?: number, asked?: (members: readonly Survivor[]) => void): void {
    asked?.(this.alive());
    if (rung === 'interrupt') {
      void this.#process?.signal('interrupt').catch(() => undefined);
      return;
    }
    this.stopping();
    // Who is asked is to be known before the first of them goes.
    const known = rung === 'terminate' ? this.#lookFor(FIRST_LOOK_MS) : Promise.resolve();
    void known.then(() => this.#terminate(rung, graceMs));
  }

  onLook(listener: () => void): void {
    this.#looked = listener;
  }

  search(): Promise<void> {
    return this.#lookFor(LOOK_MS);
  }

  /** To be called when a stopped one has closed: looks until nobody is left, for a second at most. */
  async settle(): Promise<void> {
    const end = performance.now() + LAST_LOOKS_MS;
    for (;;) {
      await this.#lookFor(end - performance.now());
      if (this.alive().length === 0 || performance.now() + BETWEEN_LOOKS_MS > end) return;
      await sleep(BETWEEN_LOOKS_MS);
    }
  }

  alive(): Survivor[] {
    if (this.#members) return [...this.#members];
    return this.#ended ? [] : [this.#survivor(this.#process?.pid ?? null, this.argv.join(' '))];
  }

  leaderExited(): void {
    // Who belongs to it is known there only.
  }

  async killGroup(): Promise<void> {
    // Its host does so when it forgets the process.
  }

  hangUp(): void {
    // A part of the polite end there.
  }

  groupAlive(): boolean {
    return false;
  }

  async #connect(port: number): Promise<Duplex> {
    if (!this.#process?.connect) throw new Error('The command is only about to start.');
    return await this.#process.connect(port);
  }

  async #lookFor(ms: number): Promise<void> {
    if (!this.look) return;
    this.#looking ??= this.#look(false)
      .then(
        () => undefined,
        // Forgotten there, or out of reach.
        () => void (this.#members = this.#ended ? [] : this.#members),
      )
      .finally(() => (this.#looking = undefined));
    await Promise.race([this.#looking, sleep(ms, undefined, { ref: false })]);
  }

  async #look(ports: boolean): Promise<Look> {
    const look = await this.#process?.look(ports);
    if (!look) return { members: [], ports: [] };
    this.#members = look.members.map(({ pid, command }) => this.#survivor(pid, command));
    this.#looked();
    return look;
  }

  #survivor(pid: number | null, command: string): Survivor {
    const { environmentId } = this;
    return { pid, command: environmentId === null ? command : `${command} (${environmentId})` };
  }

  /** A host that knows one way only kills; while a request is under way the ladder asks in vain. */
  async #terminate(rung: Rung, graceMs: number | undefined): Promise<void> {
    if (this.#asked.has(rung)) return;
    this.#asked.add(rung);
    const polite =
      rung === 'terminate' && graceMs !== undefined ? { graceMs: Math.ceil(graceMs) + LATER_MS } : {};
    const stop = this.can('processGraceful') ? { ...polite, descendants: true } : {};
    await this.#process?.terminate(stop).catch(() => undefined);
    this.#asked.delete(rung);
  }
}
