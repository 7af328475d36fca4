import type {
  ChunkUse,
  ProcessEvent,
  StopOptions,
  Subscription,
  Waiting,
  WriteStatus,
} from '../../environment';
import type { HostProcess } from '../backend';
import type { Logger } from '../logger';
import type { NotificationSink } from './notificationSink';
import type { ProcessMemory } from './processMemory';
import { stopProcess } from './stopProcess';
import { WriteAcks } from './writeAcks';

/** Who is told what a process does. */
export interface Follower {
  /** Where its notifications go now; undefined while no connection is there. */
  readonly sink: () => NotificationSink | undefined;
  /** Called with every event, in order, until the end of the process is ordered by its namespace. */
  readonly on: (event: ProcessEvent) => void;
  /** `lent` where `on` is done with a chunk when it returns. */
  readonly use?: ChunkUse;
}

/**
 * One process of a namespace: starting, running, exited, closed. It is subscribed to its process for life, so that
 * nothing is lost or repeated when connections come and go.
 */
export class ProcessEntry {
  private running: HostProcess | undefined;
  private subscription: Subscription | undefined;
  private state: 'starting' | 'running' | 'exited' | 'closed' = 'starting';
  private ending = false;
  /** What is told to those who follow what it waits for; undefined where nobody does. */
  private needs: (() => Waiting | null) | undefined;
  /** When the last polite stop under way becomes a kill, on the clock of `performance`. */
  private killAt = Infinity;
  private readonly writeAcks = new WriteAcks();
  private settle: () => void = () => undefined;
  /** Resolves when the start has been answered, with whatever. */
  readonly settled = new Promise<void>((resolve) => (this.settle = resolve));

  private cancel: () => void = () => undefined;
  /** Resolves when its end is ordered while it is being started. */
  readonly cancelled = new Promise<void>((resolve) => (this.cancel = resolve));

  /** The connection that it ends with, if it does with one. */
  endsWith: NotificationSink | undefined;

  /** @param closed called when nothing more will happen */
  constructor(
    /** Unique among the known ones of its namespace. */
    readonly id: string,
    private readonly log: Logger,
    readonly memory: ProcessMemory,
    private readonly closed: (entry: ProcessEntry) => void,
  ) {}

  /** Undefined while it is being started. */
  get process(): HostProcess | undefined {
    return this.running;
  }

  /** Whether its events have told of its exit. */
  get hasExited(): boolean {
    return this.state === 'exited' || this.state === 'closed';
  }

  get hasClosed(): boolean {
    return this.state === 'closed';
  }

  /** Its end was ordered, or its start cancelled: nobody is told about it any more. */
  get isEnding(): boolean {
    return this.ending;
  }

  /** The program runs. */
  started(process: HostProcess): void {
    this.running = process;
    this.state = 'running';
  }

  /** The start has failed. */
  failed(): void {
    this.settle();
  }

  /**
   * Input, answered as `WriteAcks` says. Rejects with a BudgetError when too much of it waits, and as the process does.
   */
  write(process: HostProcess, chunk: Uint8Array, writeId?: string): Promise<WriteStatus> {
    const written = this.memory.input(chunk.length, () => process.write(chunk, writeId));
    return this.writeAcks.acknowledge(written, chunk.length);
  }

  /** The end of input, after what waits. Rejects as the process does. */
  closeStdin(process: HostProcess): Promise<WriteStatus> {
    return this.writeAcks.acknowledge(process.closeStdin(), 0);
  }

  /** Hands every event to the follower, from the first one; called once, after the answer to the start. */
  follow(follower: Follower): void {
    this.settle();
    const subscription = this.running?.subscribe((event) => this.on(event, follower), 0, follower.use);
    this.subscription = subscription;
    if (this.hasClosed) subscription?.dispose();
  }

  /**
   * Tells what somebody is to type, now if there is something, and after each change; not once its end was ordered.
   *
   * @param atPrompt also that it waits for the next command
   */
  followNeeds(atPrompt: boolean, told: (needed: Waiting | null) => void): void {
    const { running } = this;
    const needs = (): Waiting | null => (atPrompt ? running?.waiting : running?.needsInput) ?? null;
    this.needs = needs;
    if (!running) return;
    let last: Waiting | null = null;
    const tell = (): void => {
      const needed = needs();
      if (this.ending || (needed === null && last === null)) return;
      last = needed;
      told(needed);
    };
    tell();
    running.onWaiting(tell);
  }

  /** What `followNeeds` has to tell at this moment; undefined if nobody follows. */
  get needsInput(): Waiting | null | undefined {
    return this.needs?.();
  }

  /**
   * A client's stop, which nobody waits for: false if it has exited. A start under way fails instead.
   *
   * @param graceMs asks first and kills after so many milliseconds; absent to kill at once
   * @param descendants stops what still holds its streams if it has exited
   */
  terminate(graceMs?: number, descendants = false): boolean {
    const { hasExited } = this;
    if (hasExited && !descendants) return false;
    if (!this.running) this.order();
    else if (graceMs === undefined) void this.stop({ from: 'kill', by: 'client' });
    else if (this.isSoonest(graceMs)) void this.stop({ from: 'terminate', graceMs, by: 'client' });
    return !hasExited;
  }

  /** Asks for its end by the ladder; what outlives it is told in the log. Never rejects. */
  stop(options: StopOptions): Promise<void> {
    if (!this.running || this.hasClosed) return Promise.resolve();
    // After the exit a client's stop would leave those who hold its streams.
    const by = this.hasExited ? 'shutdown' : options.by;
    return stopProcess(this.running, { ...options, by }, this.log);
  }

  /** Stops it for its namespace: nobody is told about it any more. */
  end(options: StopOptions): Promise<void> {
    this.order();
    return this.stop(options);
  }

  private order(): void {
    this.ending = true;
    this.cancel();
  }

  /** A polite stop has no effect while another one is under way that kills no later. */
  private isSoonest(graceMs: number): boolean {
    const killAt = performance.now() + graceMs;
    if (killAt >= this.killAt) return false;
    this.killAt = killAt;
    return true;
  }

  private on(event: ProcessEvent, { sink, on }: Follower): void {
    if (event.type !== 'output') this.state = event.type;
    if (!this.ending) on(event);
    else if (event.type === 'exited') void this.stop({ from: 'kill', by: 'client' });
    if (event.type === 'closed') {
      this.memory.ended();
      this.subscription?.dispose();
      this.subscription = undefined;
      this.closed(this);
    } else if (this.subscription && !this.ending) sink()?.throttle(this.subscription);
  }
}
