import type { Attachment, HostProcess, ProcessEvent, StopOptions } from '../environment';
import type { Logger } from './logger';
import type { Outlet } from './outlet';
import { StdinQueue } from './stdinQueue';
import { stopProcess } from './stopProcess';

/** One process of a scope: starting, running, exited, closed. */
export class ScopedProcess {
  private running: HostProcess | undefined;
  private attachment: Attachment | undefined;
  private exitSeen = false;
  private closeSeen = false;
  private ending = false;
  readonly stdinQueue = new StdinQueue();
  private settle: () => void = () => undefined;
  /** Resolves when the start has been answered, with whatever. */
  readonly settled = new Promise<void>((resolve) => (this.settle = resolve));

  /** @param closed called when nothing more will happen */
  constructor(
    /** Unique among the known ones of its scope. */
    readonly id: string,
    private readonly log: Logger,
    private readonly closed: (entry: ScopedProcess) => void,
  ) {}

  /** Undefined while it is being started. */
  get process(): HostProcess | undefined {
    return this.running;
  }

  get hasExited(): boolean {
    return this.exitSeen;
  }

  get hasClosed(): boolean {
    return this.closeSeen;
  }

  /** Its end was ordered: nobody is told about it any more. */
  get isEnding(): boolean {
    return this.ending;
  }

  started(process: HostProcess): void {
    this.running = process;
  }

  failed(): void {
    this.settle();
  }

  /**
   * Hands every event to `listener`, from the first one; called once, after the answer to the start.
   * The process pauses while `outlet` has too much unsent.
   */
  follow(outlet: Outlet, listener: (event: ProcessEvent) => void): void {
    this.settle();
    const attachment = this.running?.attach((event) => this.on(event, outlet, listener), 0);
    this.attachment = attachment;
    if (this.closeSeen) attachment?.dispose();
  }

  /** Asks for its end; what outlives it is told in the log. */
  stop(options: StopOptions): Promise<void> {
    if (!this.running || this.closeSeen) return Promise.resolve();
    // After the exit a client's stop would leave those who hold its streams.
    const by = this.exitSeen ? 'shutdown' : options.by;
    return stopProcess(this.running, { ...options, by }, this.log);
  }

  /** As above, once and for all. */
  end(options: StopOptions): Promise<void> {
    this.ending = true;
    return this.stop(options);
  }

  private on(event: ProcessEvent, outlet: Outlet, listener: (event: ProcessEvent) => void): void {
    if (event.type === 'exited') this.exitSeen = true;
    if (event.type === 'closed') this.closeSeen = true;
    if (!this.ending) listener(event);
    else if (event.type === 'exited') void this.stop({ from: 'kill', by: 'client' });
    if (event.type === 'closed') {
      this.attachment?.dispose();
      this.attachment = undefined;
      this.closed(this);
    } else if (this.attachment && !this.ending) outlet.throttle(this.attachment);
  }
}
