import { appServer } from '../../../protocol';
import type { NotificationSink } from '../../sessions/notificationSink';

const wire = appServer.notifications;

/** How the mode of a connection shapes its notifications. */
export interface NotifierOptions {
  /** With `emittedAtMs`, as in the mode of this dialect. */
  readonly isTimed: boolean;
  /** Methods that the client does not want. */
  readonly optOut: ReadonlySet<string>;
}

/** Sends this dialect's notifications to one client. */
export class Notifier {
  constructor(
    readonly sink: NotificationSink,
    private readonly options: NotifierOptions,
  ) {}

  delta(processHandle: string, delta: appServer.notifications.Delta): void {
    if (this.options.optOut.has(wire.OUTPUT_DELTA)) return;
    this.sink.send(wire.outputDelta(this.sink.allocate, processHandle, delta, this.now()));
  }

  exited(params: appServer.notifications.ExitedParams): void {
    if (this.options.optOut.has(wire.EXITED)) return;
    this.sink.send(wire.exited(params, this.now()));
  }

  /** Calls `then` once the client has read enough of what was sent; never if it leaves before. */
  whenRoom(then: () => void): void {
    this.sink.whenRoom(then);
  }

  private now(): number | undefined {
    return this.options.isTimed ? Date.now() : undefined;
  }
}
