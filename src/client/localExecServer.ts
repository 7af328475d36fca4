import { ExecServerClient, type ConnectOptions } from './execServerClient';
import type { ExecServerCommand } from './programConnector';

/**
 * Starts a command that is an exec-server on its stdin and stdout, and owns it: disposing of the client ends it, by
 * the end of its stdin, then by SIGTERM, then by SIGKILL. When it dies, errors end with the last lines of its stderr.
 * Rejects with a ConnectError when it cannot be started or is no exec-server.
 */
export function spawnLocalExecServer(
  command: ExecServerCommand,
  options: ConnectOptions = {},
): Promise<ExecServerClient> {
  return ExecServerClient.connect(command, options);
}
