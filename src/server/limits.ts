/** The bounds of PROTOCOL chapter 18. Each is named by the error that it causes. */
export interface ServerLimits {
  readonly connections: number;
  /** Milliseconds for the HTTP request of the upgrade. */
  readonly httpHandshakeMs: number;
  /** Milliseconds from the upgrade until `initialize`. */
  readonly initializeMs: number;
  readonly pingEveryMs: number;
  /** Milliseconds that a session without a connection lives. */
  readonly detachedMs: number;
  /** Sessions without a connection; the oldest ends early. */
  readonly detachedSessions: number;
  /** Milliseconds that a closed process can still be read. */
  readonly retainClosedMs: number;
  /** Closed processes that one session remembers at most; the oldest leave early. */
  readonly retainClosedCount: number;
  /** Processes of one session that have not closed. */
  readonly processesPerSession: number;
  readonly inFlight: number;
  readonly queued: number;
  /** Largest message in either direction, in bytes. */
  readonly messageBytes: number;
  /** Unsent bytes at which output makes its process pause; it goes on below half of it. */
  readonly pauseOutputBytes: number;
  /** Unsent bytes at which no further ordinary request of the connection is begun. */
  readonly holdRequestsBytes: number;
  /** Milliseconds between the rungs of the ladder when the server stops; all of it must fit into 3 s. */
  readonly shutdownGraceMs: number;
  /** Milliseconds after which stopping no longer waits for processes. */
  readonly shutdownMs: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: ServerLimits = {
  connections: 64,
  httpHandshakeMs: 5000,
  initializeMs: 30_000,
  pingEveryMs: 30_000,
  detachedMs: 80_000,
  detachedSessions: 256,
  retainClosedMs: 80_000,
  retainClosedCount: 1024,
  processesPerSession: 256,
  inFlight: 64,
  queued: 1024,
  messageBytes: 64 * MIB,
  pauseOutputBytes: MIB,
  holdRequestsBytes: 16 * MIB,
  shutdownGraceMs: 1000,
  shutdownMs: 3000,
};
