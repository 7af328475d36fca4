import { join } from 'node:path';
import { homeFolder } from '../../hostFolders';
import type { appServer, EnvironmentInfo } from '../../../protocol';

/** The answer to `initialize`, docs/protocol/app-server.md#initialize. */
export function describeServer(
  { executorVersion, platformOs }: EnvironmentInfo,
  client: { readonly name: string; readonly version: string },
): appServer.handshake.InitializeResult {
  return {
    userAgent: `exec-server/${executorVersion} (${platformOs}) ${client.name}/${client.version}`,
    codexHome: process.env['CODEX_HOME'] ?? join(homeFolder().toString(), '.codex'),
    platformFamily: platformOs === 'windows' ? 'windows' : 'unix',
    platformOs,
  };
}
