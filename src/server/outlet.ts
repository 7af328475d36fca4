import type { Attachment } from '../environment';

/** Where a session's notifications go: the outgoing side of the connection it is attached to. */
export interface Outlet {
  send(message: string | Buffer): void;
  /** Pauses `attachment` if too much is unsent, until the outlet has room again or is released. */
  throttle(attachment: Attachment): void;
  /** What is paused here goes on: the connection has ended or lets go of the session. */
  release(): void;
}

/** What an outlet needs of a transport. */
interface Sink {
  readonly unsentBytes: number;
  send(message: string | Buffer): void;
}

/** Back-pressure from one connection's socket to the children whose output goes there. */
export class ThrottledOutlet implements Outlet {
  private readonly paused = new Set<Attachment>();

  /** @param pauseBytes unsent bytes that are too much; below half of them there is room again */
  constructor(
    private readonly sink: Sink,
    private readonly pauseBytes: number,
  ) {}

  send(message: string | Buffer): void {
    this.sink.send(message);
  }

  throttle(attachment: Attachment): void {
    if (this.sink.unsentBytes < this.pauseBytes || this.paused.has(attachment)) return;
    this.paused.add(attachment);
    attachment.pause();
  }

  /** To be called whenever some bytes have left. */
  drained(): void {
    if (this.paused.size > 0 && this.sink.unsentBytes < this.pauseBytes / 2) this.release();
  }

  release(): void {
    const waiting = [...this.paused];
    this.paused.clear();
    for (const attachment of waiting) attachment.resume();
  }
}
