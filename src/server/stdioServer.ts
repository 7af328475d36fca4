import type { Readable, Writable } from 'node:stream';
import { CloseCode, LineTransport } from '../rpc';
import { Connections, type ServiceOptions } from './connections';
import { MAX_TIMER_MS } from '../values';

/** The exec-server as a child of its only client (docs/protocol/transport.md#stdio). */
export interface StdioServer {
  /** Resolves when the connection, and then all processes, have ended. Never rejects. */
  readonly closed: Promise<void>;
  /** Ends the connection, and all processes by the ladder, within 3 s. May be called again. */
  close(): Promise<void>;
}

/** Serves one connection over two streams, which belong to the server from then on. */
export function serveStdio(input: Readable, output: Writable, options: ServiceOptions): StdioServer {
  // Whoever started us has nobody to keep out: no time limit for `initialize`.
  const limits = { ...options.limits, initializeMs: MAX_TIMER_MS };
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
