import type { ProcessTable } from '../environment';
import type { ExecServerApi, ExecServerExports, ToolDescription } from './api';
import type { commandApi } from './commandApi';
import { callToolAs } from './toolCommands';
import type { ToolHost } from './tools/tool';

export interface ExportedParts {
  readonly commands: ReturnType<typeof commandApi>;
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
  const command = <T>(name: string, args?: unknown): Promise<T> => {
    const run = commands[`execServer.${name}`];
    if (!run) throw new Error(`no command ${name}`);
    return run(args) as Promise<T>;
  };
  return {
    version: 1,
    tools: described,
    getConnection: () => command('getConnection'),
    start: (options) => command('start', options),
    read: (options) => command('read', options),
    write: (options) => command('write', options),
    terminate: (options) => command('terminate', options),
    list: () => command('list'),
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
