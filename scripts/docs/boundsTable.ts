/** The bounds of a server as a table: each one has a row, because the type asks for it. */
import { DEFAULT_LIMITS, type ServerLimits } from '../../src/server/limits';

interface Row {
  readonly unit: 'count' | 'ms' | 'bytes';
  /** What is bounded. */
  readonly what: string;
  /** What a client meets there. */
  readonly beyond: string;
  /** Of `exec-server`, without its dashes. */
  readonly flag?: string;
}

const ROWS: Record<keyof ServerLimits, Row> = {
  connections: {
    unit: 'count',
    what: 'Connections at once',
    beyond: 'HTTP 503 with a text that names the bound',
    flag: 'max-connections',
  },
  httpHandshakeMs: {
    unit: 'ms',
    what: 'From the socket to a whole upgrade request',
    beyond: 'the socket is closed',
    flag: 'handshake-timeout-ms',
  },
  initializeMs: {
    unit: 'ms',
    what: 'From the upgrade to `initialize`',
    beyond: 'close code 1008',
    flag: 'initialize-timeout-ms',
  },
  pingEveryMs: { unit: 'ms', what: 'Between two pings', beyond: 'a missing pong has no consequence' },
  detachedMs: {
    unit: 'ms',
    what: 'Life of a session without a connection',
    beyond: 'its processes are killed, its id is unknown',
  },
  detachedSessions: {
    unit: 'count',
    what: 'Sessions without a connection',
    beyond: 'the oldest where nothing runs ends early, else the oldest',
  },
  signOfLifeMs: {
    unit: 'ms',
    what: 'For a sign of life of the connection whose session another one asks for',
    beyond: 'the session is taken over',
  },
  heldBytesPerConnection: {
    unit: 'bytes',
    what: 'What a connection, and a session, may have the server hold',
    beyond: 'an error that names the bound',
    flag: 'held-bytes-per-connection',
  },
  heldBytes: {
    unit: 'bytes',
    what: 'What all of them may have the server hold',
    beyond: 'an error that names the bound',
    flag: 'held-bytes',
  },
  messageFragments: {
    unit: 'count',
    what: 'Continuation frames of one WebSocket message',
    beyond: 'close code 1008 that names the bound',
  },
  messagePieces: {
    unit: 'count',
    what: 'Pieces in which an unfinished WebSocket message has arrived',
    beyond: 'close code 1008 that names the bound',
  },
  retainClosedMs: {
    unit: 'ms',
    what: 'Life of a closed process on the wire',
    beyond: 'its id is free, the rest of its process group is killed',
  },
  retainClosedCount: {
    unit: 'count',
    what: 'Closed processes of one session',
    beyond: 'the oldest leave early',
  },
  processesPerSession: {
    unit: 'count',
    what: 'Processes of one session that have not closed',
    beyond: '-32600 that names the bound',
    flag: 'max-processes-per-session',
  },
  inFlight: {
    unit: 'count',
    what: 'Ordinary requests of one connection that run',
    beyond: 'further ones are queued',
    flag: 'concurrent-requests',
  },
  queued: {
    unit: 'count',
    what: 'Ordinary requests of one connection that wait',
    beyond: '-32600 that names the bound',
    flag: 'queued-requests',
  },
  messageBytes: {
    unit: 'bytes',
    what: 'One message, in and out',
    beyond: 'in: close code 1009 that names the bound; out: an error instead of the reply',
    flag: 'max-message-bytes',
  },
  pauseOutputBytes: {
    unit: 'bytes',
    what: 'Unsent bytes of one connection before its processes are held back',
    beyond: 'they go on below half of it',
  },
  holdRequestsBytes: {
    unit: 'bytes',
    what: 'Unsent bytes of one connection before ordinary requests are held back',
    beyond: 'they wait; control requests do not',
  },
  shutdownGraceMs: {
    unit: 'ms',
    what: 'Between the two signals of a shutdown',
    beyond: 'SIGTERM, then SIGKILL',
  },
  shutdownMs: { unit: 'ms', what: 'A shutdown as a whole', beyond: 'the server ends all the same' },
};

/** One row for each bound of DEFAULT_LIMITS. */
export function boundsTable(): string {
  const rows = Object.entries(ROWS).map(([name, { unit, what, beyond, flag }]) => {
    const value = textOf(DEFAULT_LIMITS[name as keyof ServerLimits], unit);
    return `| ${what} | ${value} | ${beyond} | ${flag === undefined ? '–' : `\`--${flag}\``} |\n`;
  });
  return `| what | bound | beyond it | flag |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}

function textOf(value: number, unit: Row['unit']): string {
  if (unit === 'ms') return `${value / 1000} s`;
  return unit === 'bytes' ? `${value / 1024 ** 2} MiB` : value.toLocaleString('en');
}
