import type { Readable, Writable } from 'node:stream';
import { CloseCode, LineTransport } from '../rpc';
import { Connections, type ServiceOptions } from './connections';

/** Whoever started us has nobody to keep out: no time limit for `initialize`. In milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The exec-server as a child of its only client (PROTOCOL chapter 1.6). */
export interface StdioServer {
  /** Resolves when the connection, and then all processes, have ended. Never rejects. */
  readonly closed: Promise<void>;
  /** Ends the connection, and all processes by the ladder, within 3 s. May be called again. */
  close(): Promise<void>;
}

/** Serves one connection over two streams, which belong to the server from then on. */
export function serveStdio(input: Readable, output: Writable, options: ServiceOptions): StdioServer {
  const limits = { ...options.limits, initializeMs: LONGEST_TIMER_MS };
  const connections = new Connections({ ...options, limits }, () => undefined);
  const end = (): Promise<void> => {
    connections.refuseNew();
    return connections.endAll(CloseCode.goingAway, 'server is shutting down');
  };
  const disconnected = new Promise<void>((resolve) => {
    const { messageBytes } = connections.limits;
    connections.accept(
      (events) => new LineTransport(input, output, events, { peerName: 'stdio', messageBytes }),
      resolve,
    );
  });
  // Nobody can come back to the sessions.
  const closed = disconnected.then(end);
  const close = async (): Promise<void> => {
    await end();
    await closed;
  };
  return { closed, close };
}
