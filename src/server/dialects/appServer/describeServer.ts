import { homedir } from 'node:os';
import { join } from 'node:path';
import type { appServer, EnvironmentInfo } from '../../../protocol';

/** The answer to `initialize`, PROTOCOL chapter 15.1. */
export function describeServer(
  { executorVersion, platformOs }: EnvironmentInfo,
  client: { readonly name: string; readonly version: string },
): appServer.handshake.InitializeResult {
  return {
    userAgent: `exec-server/${executorVersion} (${platformOs}) ${client.name}/${client.version}`,
    codexHome: process.env['CODEX_HOME'] ?? join(homedir(), '.codex'),
    platformFamily: platformOs === 'windows' ? 'windows' : 'unix',
    platformOs,
  };
}
