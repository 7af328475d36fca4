import { CloseCode, transportPair, type Transport, type TransportEvents } from '../rpc';
import { Connections, type ServiceOptions } from './connections';

/** The exec-server for clients in this process. */
export interface InProcessServer {
  /** A new connection, by its client's side. */
  open(events: TransportEvents): Transport;
  /** Ends all connections, and all processes by the ladder, within 3 s. */
  close(): Promise<void>;
}

/** Serves any number of connections that never leave this process. */
export function serveInProcess(options: ServiceOptions): InProcessServer {
  const connections = new Connections(options, () => undefined);
  return {
    open: (events) => {
      const [client, server] = transportPair('in-process client', 'in-process server');
      connections.accept(
        (serverEvents) => server.begin(serverEvents),
        () => undefined,
      );
      return client.begin(events);
    },
    close: async () => {
      connections.refuseNew();
      await connections.endAll(CloseCode.goingAway, 'server is shutting down');
    },
  };
}
