import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { driver, eventually, type TreeRow } from '../host/driver';

export interface Started {
  processId: string;
  /** Null for what runs in another environment. */
  pid: number | null;
}

export interface Listed {
  processId: string;
  pid: number | null;
  environment: string | null;
  argv: string[];
  state: string;
  exitCode: number | null;
  client: { id: string; name: string };
  totalBytes: number;
}

export interface Connection {
  url: string;
  baseUrl: string;
  token: string;
  headers: { Authorization: string };
  environmentsToml: string;
}

export interface Read {
  chunks: { seq: number; stream: string; chunk: string; text: string }[];
  nextSeq: number;
  exited: boolean;
  exitCode: number | null;
  closed: boolean;
  droppedBytes: number;
}

const command = <T>(name: string, args?: unknown): Promise<T> =>
  Promise.resolve(vscode.commands.executeCommand<T>(`execServer.${name}`, args));

/** The commands for other extensions, as these call them. */
export const api = {
  connection: () => command<Connection>('getConnection'),
  start: (args: object) => command<Started>('start', args),
  read: (args: object) => command<Read>('read', args),
  write: (args: object) => command<{ status: string }>('write', args),
  terminate: (args: object) => command<{ running: boolean; survivors: object[] }>('terminate', args),
  list: async () => (await command<{ processes: Listed[] }>('list')).processes,
};

export const run = (id: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(`execServer.${id}`, ...args);

/** The extension answers, and its server is up. */
export async function ready(): Promise<void> {
  const extension = vscode.extensions.getExtension('exec-server.vscode-exec-server');
  assert.ok(extension, 'the extension is installed');
  await extension.activate();
  await eventually(() => api.connection().then(Boolean), 'the server is up');
}

/** Nothing runs, nothing is listed, no terminal is open. */
export async function cleanUp(): Promise<void> {
  for (const { processId } of await api.list()) await api.terminate({ processId, force: true });
  for (const terminal of vscode.window.terminals) terminal.dispose();
  await eventually(async () => {
    await run('clearFinished');
    return (await api.list()).length === 0;
  }, 'the list is empty');
}

export async function stateOf(processId: string): Promise<string | undefined> {
  return (await api.list()).find((row) => row.processId === processId)?.state;
}

/** All output so far, as text. */
export async function output(processId: string): Promise<string> {
  return (await api.read({ processId })).chunks.map(({ text }) => text).join('');
}

export function isAlive(pid: number | null): boolean {
  if (pid === null) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A command that any system has: this very Node, as plain Node. */
export const node = (script: string): { argv: string[]; env: Record<string, string> } => ({
  argv: [process.execPath, '-e', script],
  env: { ELECTRON_RUN_AS_NODE: '1' },
});

/** Sets a setting for a while. */
export async function withSetting(name: string, value: unknown, body: () => Promise<void>): Promise<void> {
  const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('execServer');
  await configuration().update(name, value, vscode.ConfigurationTarget.Global);
  try {
    await body();
  } finally {
    await configuration().update(name, undefined, vscode.ConfigurationTarget.Global);
  }
}

/** A loaded machine draws rows late. */
export const ROW_PATIENCE_MS = 30_000;

/** A row of the side bar whose text has all of these, once it is drawn. */
export const rowWith = (...parts: string[]): Promise<TreeRow> =>
  eventually(
    async () => (await driver.treeRows()).find(({ text }) => parts.every((part) => text.includes(part))),
    `a row with ${parts.join(', ')}`,
    ROW_PATIENCE_MS,
  );

/** Clicks on an action of a row that is not being drawn anew; a person takes longer to aim than that. */
export async function clickAction(row: string, action: string): Promise<void> {
  await rowWith(row);
  await new Promise((resolve) => setTimeout(resolve, 700));
  await driver.clickInline(row, action);
}
