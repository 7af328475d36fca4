/** A server that retains 80 MiB of each process: what is cut off can be fetched, however much it is. */
import { hostEnvironment, LocalHostBackend, ProcessTable } from '../../src/environment';
import { describeEnvironment, ExecServer, lookAround } from '../../src/server';

const RETAINED_BYTES = 80 * 1024 * 1024;

async function main(): Promise<void> {
  const table = new ProcessTable({
    retainedBytesPerProcess: RETAINED_BYTES,
    retainedBytesTotal: 2 * RETAINED_BYTES,
  });
  process.on('exit', () => table.killAllNow());
  const info = describeEnvironment({ executorVersion: 'test', surroundings: await lookAround() });
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const server = await ExecServer.listen({
    host: '127.0.0.1',
    port: 0,
    auth: { type: 'token' },
    backend: new LocalHostBackend(table, () => hostEnvironment(process.env)),
    environmentInfo: () => info,
    log,
  });
  console.log(server.url);
}

void main();
