import { join } from 'node:path';
import { CrashGuard, hostEnvironment, LocalHostBackend, ProcessTable } from '../environment';
import {
  closeInheritedDescriptors,
  describeEnvironment,
  ExecServer,
  isLoopbackAddress,
  serveStdio,
  type ExecServerOptions,
  type ListenAddress,
  type ServiceOptions,
} from '../server';
import type { Bounds } from './bounds';
import { log } from './log';

/** Serves until a signal comes; the URL goes to stdout. Rejects with a sentence when it cannot listen. */
export async function serveOnSocket(
  { host, port }: ListenAddress,
  auth: ExecServerOptions['auth'],
  version: string,
  bounds: Bounds,
): Promise<void> {
  const service = prepare(version, bounds);
  const server = await ExecServer.listen({ ...service, host, port, auth });
  endOnSignals(server);
  process.stdout.write(`${server.url}\n`);
  if (!isLoopbackAddress(host)) {
    log.warn(
      'whoever can read the traffic can read the tokens: put TLS or a tunnel in front of this address',
    );
  }
}

/** Serves stdin and stdout until stdin ends or a signal comes; then ends this process with status 0. */
export async function serveOnStdio(version: string, bounds: Bounds): Promise<void> {
  const service = prepare(version, bounds);
  const server = serveStdio(process.stdin, process.stdout, service);
  endOnSignals(server);
  await server.closed;
  process.exit(0);
}

/** Nothing that was open before may reach a child, and no child may outlive this process. */
function prepare(version: string, bounds: Bounds): ServiceOptions {
  closeInheritedDescriptors();
  // The bundles lie side by side.
  const table = new ProcessTable(bounds.table, { guard: new CrashGuard(join(__dirname, 'sweep.js')) });
  process.on('exit', () => table.killAllNow());
  const info = describeEnvironment({ cwd: process.cwd(), executorVersion: version });
  const backend = new LocalHostBackend(table, () => hostEnvironment(process.env));
  return { backend, environmentInfo: () => info, limits: bounds.server, log };
}

/** The first signal ends everything by the ladder, a second one at once. */
function endOnSignals(server: { close(): Promise<void> }): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) process.exit(0);
    isEnding = true;
    // Whatever is left then is killed by the exit handler.
    void server.close().finally(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
}
