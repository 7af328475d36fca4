import { readBounds } from './cli/bounds';
import { HELP } from './cli/help';
import { writeError } from './cli/log';
import { oneOf, readOptions, UsageError, type Options } from './cli/options';
import { serveOnSocket, serveOnStdio } from './cli/serve';
import { readWsAuth } from './cli/wsAuth';
import { parseListenUrl } from './server';

/** Set by the bundler. */
declare const EXEC_SERVER_VERSION: string | undefined;
const version = typeof EXEC_SERVER_VERSION === 'string' ? EXEC_SERVER_VERSION : '0.0.0-dev';

const AUTH = { token: { type: 'token' }, none: { type: 'none' } } as const;

/** Exit statuses. */
const FAILED = 1;
const BAD_USAGE = 2;

async function serve(options: Options): Promise<void> {
  const wsAuth = await readWsAuth(options);
  const mode = oneOf('--auth', options.auth ?? 'token', ['token', 'none'] as const);
  const address = parseListenUrl(options.listen ?? 'ws://127.0.0.1:0');
  const bounds = readBounds(options);
  if (address !== 'stdio') return serveOnSocket(address, wsAuth ?? AUTH[mode], version, bounds);
  if (wsAuth || options.auth !== undefined) {
    throw new Error('WebSocket auth requires a WebSocket listener, not stdio');
  }
  return serveOnStdio(version, bounds);
}

async function main(): Promise<void> {
  // A reader that has gone away must not end the server.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  const options = readOptions();
  if (options.help) process.stdout.write(HELP);
  else if (options.version) process.stdout.write(`exec-server ${version}\n`);
  else await serve(options);
}

main().catch((error: unknown) => {
  writeError(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? BAD_USAGE : FAILED;
});
