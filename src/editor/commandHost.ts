import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { CommandHost } from '../agents/commandApi';
import { hostEnvironment, type LocalHostBackend, type ProcessTable } from '../environment/index';
import type { Door } from './server/door';

/** The first folder of the workspace that is on this machine, else home. */
export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  return folder?.uri.fsPath ?? homedir();
}

/** What the commands for other extensions work on, here in the editor. */
export function commandHost(table: ProcessTable, backend: LocalHostBackend, door: Door): CommandHost {
  return {
    table,
    start: (params) => backend.start(params),
    environment: () => hostEnvironment(process.env),
    defaultCwd: workspaceFolder,
    shell,
    connection: () => door.connection(),
    assertAllowed: () => {
      if (vscode.workspace.isTrusted) return;
      throw new Error(
        'Exec Server runs nothing in an untrusted workspace. A person can trust it with the command "Workspaces: Manage Workspace Trust".',
      );
    },
  };
}

/** Another syntax than these would surprise whoever wrote the command line. */
function shell(): readonly string[] {
  if (process.platform === 'win32') return [process.env['ComSpec'] ?? 'cmd.exe', '/d', '/s', '/c'];
  const own = process.env['SHELL'] ?? '';
  return [/\/(?:ba|z)?sh$/.test(own) ? own : '/bin/sh', '-c'];
}
