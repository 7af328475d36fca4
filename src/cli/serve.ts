import { join, resolve } from 'node:path';
import { announce, type Announced, type SocketDoor } from '../agents/discovery';
import { McpDoor } from '../agents/mcpDoor';
import { secretPlaces } from '../agents/secretPlaces';
import { createHub, type Hub } from '../hub';
import {
  closeInheritedDescriptors,
  currentFolder,
  describeEnvironment,
  ExecServer,
  isLoopbackAddress,
  lookAround,
  serveStdio,
  type ExecServerOptions,
  type ListenAddress,
  type ServiceOptions,
} from '../server';
import { messageOf } from '../values';
import type { Bounds } from './bounds';
import { exitDespiteDisks } from './exit';
import { giveBackMemory } from './giveBack';
import { log } from './log';

/** How and for whom a socket is listened on. */
export interface SocketOptions {
  readonly address: ListenAddress;
  readonly auth: ExecServerOptions['auth'];
  /** The folders whose agents find the server. */
  readonly workspace: readonly string[];
  /** Files that hold what opens it. */
  readonly secrets: readonly string[];
}

/** Serves until a signal comes; the URL goes to stdout. Rejects with a sentence when it cannot listen. */
export async function serveOnSocket(
  { address: { host, port }, auth, workspace, secrets }: SocketOptions,
  version: string,
  bounds: Bounds,
): Promise<void> {
  const { service, hub } = await prepare(version, bounds, secrets, workspace[0]);
  // Nothing here is of anybody else whom a person could let see it.
  const mcp = new McpDoor({ hub, assertAllowed: () => undefined, reach: () => 'own' }, version);
  const server = await ExecServer.listen({ ...service, host, port, auth, doors: [mcp] });
  const announced = await tellWhere(workspace, {
    wire: (socket, peer) => server.acceptStream(socket, peer),
    mcp: (socket, peer) => mcp.acceptStream(socket, peer),
  });
  process.on('exit', () => announced?.removeNow());
  endOnSignals({ close: () => Promise.all([announced?.close(), server.close()]) });
  process.stdout.write(`${server.url}\n`);
  if (!isLoopbackAddress(host)) {
    log.warn(
      'whoever can read the traffic can read the tokens: put TLS or a tunnel in front of this address',
    );
  }
}

/** Without a record the server is only harder to find. */
async function tellWhere(
  workspace: readonly string[],
  doors: Readonly<Record<string, SocketDoor>>,
): Promise<Announced | undefined> {
  try {
    return await announce({
      kind: 'server',
      name: 'exec-server',
      folders: workspace.map((folder) => resolve(folder)),
      doors,
      refused: (message) => log.warn(message),
    });
  } catch (error) {
    const why = messageOf(error);
    log.warn(`agents that look for this server by its folder do not find it: ${why}`);
    return undefined;
  }
}

/** Serves stdin and stdout until stdin ends or a signal comes; then ends this process with status 0. */
export async function serveOnStdio(version: string, bounds: Bounds): Promise<void> {
  const { service } = await prepare(version, bounds, []);
  const server = serveStdio(process.stdin, process.stdout, service);
  endOnSignals(server);
  await server.closed;
  process.exit(0);
}

/** Nothing that was open before may reach a child, and no child may outlive this process. */
async function prepare(
  version: string,
  bounds: Bounds,
  secrets: readonly string[],
  folder?: string,
): Promise<{ service: ServiceOptions; hub: Hub }> {
  closeInheritedDescriptors();
  const { spillFolder } = bounds;
  const spill =
    spillFolder === undefined
      ? {}
      : { spill: { folder: spillFolder, onTrouble: (text: string) => log.warn(text) } };
  const hub = createHub({
    limits: bounds.table,
    folder: () => (folder === undefined ? process.cwd() : resolve(folder)),
    secrets: () => [...secretPlaces(), ...secrets],
    warn: (message) => log.warn(message),
    ...spill,
  });
  // After the hub's own handler, which ends the processes.
  exitDespiteDisks();
  const cwd = await currentFolder();
  const info = describeEnvironment({ cwd, executorVersion: version, surroundings: await lookAround() });
  // The bundles lie side by side.
  const network = { lookUpProgram: join(__dirname, 'lookUp.js') };
  const service = {
    backend: hub.local,
    environmentInfo: () => info,
    limits: bounds.server,
    log,
    network,
    memoryFreed: giveBackMemory,
  };
  return { service, hub };
}

/** The first signal ends everything by the ladder, a second one at once. */
function endOnSignals(server: { close(): Promise<unknown> }): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) process.exit(0);
    isEnding = true;
    // Whatever is left then is killed by the exit handler.
    void server.close().finally(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
}
