import { loopbackOf } from '../../../environment';
import { execServer, invalidRequest } from '../../../protocol';
import { findProcess, route } from './route';

const wire = execServer.ports;

/** Connections to where processes listen, which belong to the connection: docs/protocol/ports.md. */
export const portRoutes = [
  route(wire.open, 'exec', async ({ processId, connectionId, port }, call) => {
    const hosts = await loopbackOf(await findProcess(processId, call), port);
    if (hosts.length === 0)
      throw invalidRequest(`nothing of process ${processId} listens on port ${port} of this machine`);
    await call.portConnections.open(connectionId, hosts, port);
    call.session.did({ kind: 'fetched', host: `localhost:${port}`, method: 'CONNECT' });
    return {};
  }),

  // It may take as long as a person looks at a page, so it must not take a place among the others.
  route(wire.read, 'exec', ({ connectionId }, call) => call.portConnections.read(connectionId, call.signal), {
    priority: 'control',
  }),

  route(wire.write, 'exec', async ({ connectionId, chunk }, { portConnections }) => {
    await portConnections.write(connectionId, chunk);
    return {};
  }),

  route(
    wire.close,
    'exec',
    ({ connectionId }, { portConnections }) => {
      portConnections.close(connectionId);
      return {};
    },
    { priority: 'control' },
  ),
];
