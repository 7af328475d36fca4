/** The bounds of docs/protocol/bounds.md#server. Each is named by the error that it causes. */
export interface ServerLimits {
  readonly connections: number;
  /** Milliseconds for the HTTP request of the upgrade. */
  readonly httpHandshakeMs: number;
  /** Milliseconds from the upgrade until `initialize`. */
  readonly initializeMs: number;
  readonly pingEveryMs: number;
  /** Milliseconds in which the connection of a session that another one asks for must give a sign of life. */
  readonly signOfLifeMs: number;
  /** Milliseconds that a session without a connection lives. */
  readonly detachedMs: number;
  /** Sessions without a connection; of more, those end early in which nothing runs, and the oldest. */
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
  /** Continuation frames of one WebSocket message. */
  readonly messageFragments: number;
  /** Pieces in which an unfinished WebSocket message may have arrived. */
  readonly messagePieces: number;
  /** Unsent bytes at which output makes its process pause; it goes on below half of it. */
  readonly pauseOutputBytes: number;
  /** Unsent bytes at which no further normal request of the connection is begun. */
  readonly holdRequestsBytes: number;
  /**
   * Bytes that one connection may have the server hold, beside half a MiB of each kind: requests without an answer,
   * messages that are not whole yet, replies that are not read, bodies of HTTP requests, output that waits for the end
   * of its process. One session may have it hold as much: unread input, ids, commands and environments.
   */
  readonly heldBytesPerConnection: number;
  /** Bytes that all connections and sessions together may have the server hold. */
  readonly heldBytes: number;
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
  signOfLifeMs: 2000,
  detachedMs: 80_000,
  detachedSessions: 256,
  retainClosedMs: 80_000,
  retainClosedCount: 1024,
  processesPerSession: 256,
  inFlight: 64,
  queued: 1024,
  messageBytes: 64 * MIB,
  messageFragments: 65_536,
  messagePieces: 262_144,
  pauseOutputBytes: MIB,
  holdRequestsBytes: 16 * MIB,
  heldBytesPerConnection: 128 * MIB,
  heldBytes: 256 * MIB,
  shutdownGraceMs: 1000,
  shutdownMs: 3000,
};

/** The bounds with what follows from those that are given: the largest message must fit into what may be held. */
export function completeLimits(given: Partial<ServerLimits> = {}): ServerLimits {
  const { messageBytes = 0 } = given;
  const least = 2 * messageBytes;
  const heldBytesPerConnection = Math.max(DEFAULT_LIMITS.heldBytesPerConnection, least);
  const heldBytes = Math.max(DEFAULT_LIMITS.heldBytes, 2 * least);
  return { ...DEFAULT_LIMITS, heldBytesPerConnection, heldBytes, ...given };
}
