import type { ProcessTable } from '../environment';
import type { ExecServerApi, ExecServerExports, ToolDescription } from './api';
import type { Commands } from './commandApi';
import { callToolAs } from './toolCommands';
import type { ToolHost } from './tools/tool';

export interface ExportedParts {
  readonly commands: Commands;
  readonly tools: ToolHost;
  readonly described: readonly ToolDescription[];
  readonly table: Pick<ProcessTable, 'on' | 'off'>;
}

/** What other extensions in this host get: the commands as functions, with types. */
export function exportsFor(parts: ExportedParts): ExecServerExports {
  const api = apiOf(parts);
  return {
    getApi: (version: number) => {
      if (version === api.version) return api;
      throw new Error(
        `Exec Server has no API of version ${JSON.stringify(version)}; it has version ${api.version}`,
      );
    },
  };
}

function apiOf({ commands, tools, described, table }: ExportedParts): ExecServerApi {
  return {
    version: 1,
    tools: described,
    getConnection: () => commands['execServer.getConnection'](),
    start: (options) => commands['execServer.start'](options),
    read: (options) => commands['execServer.read'](options),
    write: (options) => commands['execServer.write'](options),
    terminate: (options) => commands['execServer.terminate'](options),
    list: () => commands['execServer.list'](),
    callTool: (name, args, { signal, ...options } = {}) => callToolAs(tools, name, args, options, signal),
    onDidChangeProcesses: (listener) => {
      table.on('added', listener).on('changed', listener).on('removed', listener);
      return {
        dispose: () => {
          table.off('added', listener).off('changed', listener).off('removed', listener);
        },
      };
    },
  };
}
