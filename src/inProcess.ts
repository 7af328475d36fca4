import type { ExecServerAddress } from './client';
import { createHub } from './hub';
// Not by the room's index: a listener and its means are not needed here.
import { describeEnvironment, lookAround } from './server/environmentInfo';
import { serveInProcess } from './server/inProcessServer';
import { version } from './values/version';

/** An exec-server within this process. Disposing of it ends its processes and its connections. */
export interface InProcessExecServer extends AsyncDisposable {
  /** For `ExecServerClient.connect`, any number of times. */
  readonly address: ExecServerAddress;
}

/** How a server within this process is set up. */
export interface InProcessOptions {
  /**
   * An absolute path, made when it is first needed: output that leaves memory, beyond the newest 1 MiB of a process, is
   * kept there in files, at most 256 MiB for a process and 1 GiB for all, for readers that come late. Absent: it is
   * dropped, and counted. The files can be read by this user only, and end with this process in any case.
   */
  readonly spillFolder?: string | undefined;
}

/**
 * Starts an exec-server that clients in this process reach without a socket: for tests, and for programs that want the
 * whole protocol on their own machine. What it runs ends with this process, however that ends.
 *
 * @param options where output goes that memory has no room for
 */
export function startInProcessServer({ spillFolder }: InProcessOptions = {}): InProcessExecServer {
  const hub = createHub(
    spillFolder === undefined ? {} : { spill: { folder: spillFolder, onTrouble: nothing } },
  );
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const facts = { cwd: process.cwd(), executorVersion: version };
  const looked = lookAround().then((surroundings) => describeEnvironment({ ...facts, surroundings }));
  let info: ReturnType<typeof describeEnvironment>;
  // Nobody asks before a connection is open.
  const server = serveInProcess({ backend: hub.local, environmentInfo: () => info, log });
  const { connector } = server;
  const open: typeof connector.open = async (events, signal) => {
    info = await looked;
    return connector.open(events, signal);
  };
  return {
    address: { connector: { ...connector, open } },
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await hub.close();
    },
  };
}

function nothing(): void {
  // Nobody reads this server's log.
}
