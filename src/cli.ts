import { parseArgs } from 'node:util';
import { hostEnvironment, LocalHostBackend, ProcessTable } from './environment';
import {
  closeInheritedDescriptors,
  describeEnvironment,
  ExecServer,
  isLoopbackAddress,
  parseListenUrl,
  type Logger,
} from './server';

/** Set by the bundler. */
declare const EXEC_SERVER_VERSION: string | undefined;
const version = typeof EXEC_SERVER_VERSION === 'string' ? EXEC_SERVER_VERSION : '0.0.0-dev';

const HELP = `Usage: exec-server [--listen ws://IP:PORT] [--auth token|none]

Runs commands for AI agents that speak the exec-server protocol, such as the Codex CLI.
The first line on stdout is the URL to connect to; with its token, anyone on this machine can run commands.

Options:
  --listen URL   where to listen, ws://127.0.0.1:0 by default; port 0 takes any free port
  --auth MODE    token (default): the URL ends with a secret that clients must present
                 none: any program of any user on this machine may run commands
  --help         show this text
  --version      show the version

Example:
  exec-server --listen ws://127.0.0.1:4500
  CODEX_EXEC_SERVER_URL=ws://127.0.0.1:4500/TOKEN codex -s danger-full-access
`;

/** Exit statuses. */
const FAILED = 1;
const BAD_USAGE = 2;

/** stdout is for the URL alone. */
const log: Logger = {
  debug: () => undefined,
  info: (message) => writeError(message),
  warn: (message) => writeError(`warning: ${message}`),
  error: (message) => writeError(`error: ${message}`),
};

function writeError(message: string): void {
  process.stderr.write(`exec-server: ${message}\n`);
}

class UsageError extends Error {}

function readOptions(): { listen: string; auth: 'token' | 'none'; help: boolean; version: boolean } {
  const { values } = parse();
  const { listen = 'ws://127.0.0.1:0', auth = 'token', help = false, version = false } = values;
  if (auth !== 'token' && auth !== 'none') {
    throw new UsageError(`unknown --auth mode \`${auth}\`; expected \`token\` or \`none\``);
  }
  return { listen, auth, help, version };
}

function parse() {
  try {
    return parseArgs({
      options: {
        listen: { type: 'string' },
        auth: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'V' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function serve(listen: string, auth: 'token' | 'none'): Promise<void> {
  const { host, port } = parseListenUrl(listen);
  if (!isLoopbackAddress(host)) {
    throw new Error(
      `\`${host}\` is not a loopback address: others on the network could run commands here. ` +
        'Listen on 127.0.0.1 or [::1], and forward the port (for example with ssh -L) to reach it from elsewhere.',
    );
  }
  closeInheritedDescriptors();
  const table = new ProcessTable();
  process.on('exit', () => table.killAllNow());
  const environmentInfo = describeEnvironment({ cwd: process.cwd(), executorVersion: version });
  const server = await ExecServer.listen({
    host,
    port,
    auth: { type: auth },
    backend: new LocalHostBackend(table, () => hostEnvironment(process.env)),
    environmentInfo: () => environmentInfo,
    log,
  });
  endOnSignals(server);
  process.stdout.write(`${server.url}\n`);
  await table.warm();
}

/** The first signal ends everything by the ladder, a second one at once. */
function endOnSignals(server: ExecServer): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) process.exit(0);
    isEnding = true;
    // Whatever is left then is killed by the exit handler.
    void server.close().finally(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
}

async function main(): Promise<void> {
  // A reader that has gone away must not end the server.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const { listen, auth, help, version: showVersion } = readOptions();
  if (help) process.stdout.write(HELP);
  else if (showVersion) process.stdout.write(`exec-server ${version}\n`);
  else await serve(listen, auth);
}

main().catch((error: unknown) => {
  writeError(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? BAD_USAGE : FAILED;
});
