import { CloseCode, transportPair, type Transport, type TransportEvents } from '../rpc';
import { Connections, type ServiceOptions } from './connections';

/** The exec-server for clients in this process. */
export interface InProcessServer {
  /** How a client reaches it; each `open` is a new connection. */
  readonly connector: {
    readonly target: string;
    readonly resumes: boolean;
    readonly allowsBanner: boolean;
    open(events: TransportEvents, signal: AbortSignal): Promise<Transport>;
  };
  /** Ends all connections, and all processes by the ladder, within 3 s. */
  close(): Promise<void>;
}

/** Serves any number of connections that never leave this process. */
export function serveInProcess(options: ServiceOptions): InProcessServer {
  const connections = new Connections(options, () => undefined);
  const open = (events: TransportEvents): Transport => {
    const [client, server] = transportPair('in-process client', 'in-process server');
    connections.accept(
      (serverEvents) => server.begin(serverEvents),
      () => undefined,
    );
    return client.begin(events);
  };
  return {
    connector: {
      target: 'the exec-server in this process',
      resumes: true,
      allowsBanner: false,
      open: (events, signal) => {
        const transport = open(events);
        signal.addEventListener('abort', () => transport.close(CloseCode.goingAway, 'given up'), {
          once: true,
        });
        return Promise.resolve(transport);
      },
    },
    close: async () => {
      connections.refuseNew();
      await connections.endAll(CloseCode.goingAway, 'server is shutting down');
    },
  };
}
