import path from 'node:path';
import * as vscode from 'vscode';
import type { CommandHost, Place } from '../agents/commandApi';
import { hostEnvironment, type LocalHostBackend, type ProcessTable } from '../environment/index';
import { LOCAL_ID } from './environments/entries';
import type { Environments } from './environments/index';
import type { Door } from './server/door';
import { workspaceFolder } from './workspaceFolder';

/** What the commands for other extensions work on, here in the editor. */
export function commandHost(
  table: ProcessTable,
  backend: LocalHostBackend,
  environments: Environments,
  door: Door,
): CommandHost {
  return {
    table,
    place: (id) =>
      id === undefined || id === LOCAL_ID ? Promise.resolve(here(backend)) : there(environments, id),
    connection: () => door.connection(),
    assertAllowed: () => {
      if (vscode.workspace.isTrusted) return;
      throw new Error(
        'Exec Server runs nothing in an untrusted workspace. A person can trust it with the command "Workspaces: Manage Workspace Trust".',
      );
    },
  };
}

function here(backend: LocalHostBackend): Place {
  return {
    start: (params) => backend.start({ ...params, env: { ...hostEnvironment(process.env), ...params.env } }),
    defaultCwd: workspaceFolder(),
    isAbsolute: (name) => path.isAbsolute(name),
    shell: shell(),
  };
}

/** Rejects when there is no such environment or it cannot be reached; nothing runs on this machine instead. */
async function there(environments: Environments, id: string): Promise<Place> {
  const known = environments.entries.good.map((entry) => entry.id);
  if (!known.includes(id)) {
    throw new Error(
      `there is no environment ${JSON.stringify(id.slice(0, 100))}; there are ${[LOCAL_ID, ...known].join(', ')}`,
    );
  }
  const { info } = await environments.connect(id);
  const windows = info?.platformOs === 'windows';
  return {
    start: ({ owner, ...params }) => environments.start(id, params, owner),
    defaultCwd: environments.folder(id),
    isAbsolute: (name) => (windows ? path.win32 : path.posix).isAbsolute(name),
    shell:
      info?.shell.name === 'cmd'
        ? [info.shell.path, '/d', '/s', '/c']
        : [info?.shell.path ?? '/bin/sh', '-c'],
  };
}

/** Another syntax than these would surprise whoever wrote the command line. */
function shell(): readonly string[] {
  if (process.platform === 'win32') return [process.env['ComSpec'] ?? 'cmd.exe', '/d', '/s', '/c'];
  const own = process.env['SHELL'] ?? '';
  return [/\/(?:ba|z)?sh$/.test(own) ? own : '/bin/sh', '-c'];
}
