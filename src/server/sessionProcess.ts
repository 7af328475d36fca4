import type { Attachment, HostProcess, ProcessEvent } from '../environment';
import type { Outlet } from './outlet';
import { StdinQueue } from './stdinQueue';

/** Turns an event into a notification of the dialect that started the process. */
export type EncodeEvent = (event: ProcessEvent) => string | Buffer;

/** What a process entry needs of its session. */
export interface ProcessHost {
  /** The attached connection, if any. */
  readonly outlet: Outlet | undefined;
  closed(entry: SessionProcess): void;
}

/**
 * One process of a session: starting, running, exited, closed. It is attached to its process for
 * life, so that nothing is lost or repeated when connections come and go; what happens while none is
 * there is not sent, and clients fetch it by `process/read` (PROTOCOL chapter 3.3).
 */
export class SessionProcess {
  private running: HostProcess | undefined;
  private attachment: Attachment | undefined;
  private state: 'starting' | 'running' | 'exited' | 'closed' = 'starting';
  /** When the last polite stop under way becomes a kill, on the clock of `performance`. */
  private killAt = Infinity;
  readonly stdinQueue = new StdinQueue();
  /** Terminated before it ran: its start fails. */
  cancelled = false;
  private settle: () => void = () => undefined;
  /** Resolves when the start has been answered, with whatever. */
  readonly settled = new Promise<void>((resolve) => (this.settle = resolve));

  constructor(
    readonly processId: string,
    private readonly host: ProcessHost,
    private readonly encode: EncodeEvent,
  ) {}

  /** Undefined while the process is being started. */
  get process(): HostProcess | undefined {
    return this.running;
  }

  /** As far as its events have told. */
  get hasExited(): boolean {
    return this.state === 'exited' || this.state === 'closed';
  }

  get hasClosed(): boolean {
    return this.state === 'closed';
  }

  /** Notes a polite stop that kills after `graceMs`; false if one under way kills no later. */
  isSoonest(graceMs: number): boolean {
    const killAt = performance.now() + graceMs;
    if (killAt >= this.killAt) return false;
    this.killAt = killAt;
    return true;
  }

  started(process: HostProcess): void {
    this.running = process;
    this.state = 'running';
  }

  /** The start has failed. */
  failed(): void {
    this.settle();
  }

  /** Begins to send notifications: after the start response is on its way. */
  follow(): void {
    this.settle();
    const attachment = this.running?.attach((event) => this.on(event), 0, 'lent');
    this.attachment = attachment;
    if (this.hasClosed) attachment?.dispose();
  }

  private on(event: ProcessEvent): void {
    if (event.type !== 'output') this.state = event.type;
    const outlet = this.host.outlet;
    outlet?.send(this.encode(event));
    if (event.type === 'closed') {
      this.attachment?.dispose();
      this.attachment = undefined;
      this.host.closed(this);
    } else if (this.attachment) outlet?.throttle(this.attachment);
  }
}
