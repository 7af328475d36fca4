/** Every sentence about a server that is gone for good begins so, as clients of the reference expect. */
export const DISCONNECTED = 'exec-server transport disconnected';

/** A connection that could not be made: what was tried, what happened, what to do. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';

  constructor(
    message: string,
    /** Whether trying again would end the same way. */
    readonly isFinal = false,
  ) {
    super(message);
  }
}

/** The server is gone, or the answer was lost with the connection; the message begins with `DISCONNECTED`. */
export class DisconnectedError extends Error {
  override readonly name = 'DisconnectedError';
}
