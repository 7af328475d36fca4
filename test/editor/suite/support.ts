import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { driver, eventually, hasDriver, type TreeRow } from '../host/driver';

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
  needsInput: { kind: string; question: string } | null;
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
  needsInput: { kind: string; question: string } | null;
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
  // What the last test left is drawn for a moment longer; the next one must not take it for its own.
  if (!hasDriver()) return;
  const ended = async (): Promise<boolean> =>
    (await driver.treeRows()).some(({ text }) => text.startsWith('Finished ('));
  await eventually(async () => !(await ended()), 'the view is empty');
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

/**
 * A row of the side bar that shows and says all of these, once it is drawn; finished commands are unfolded for it.
 */
export const rowWith = (...parts: string[]): Promise<TreeRow> =>
  eventually(
    async () => {
      const rows = await driver.treeRows();
      const fits = ({ text, label }: TreeRow): boolean =>
        parts.every((part) => `${text} ${label}`.includes(part));
      const folded = rows.find(({ text, expanded }) => /^Finished \(/.test(text) && expanded === 'false');
      const found = rows.find(fits);
      // Not by its whole text, since its number may grow before the click.
      if (!found && folded) await driver.unfoldRow('Finished (', false);
      return found;
    },
    `a row with ${parts.join(', ')}`,
  );

/** A row that has its place, also when its command has just ended: then it is folded away within a second. */
export async function restingRow(...parts: string[]): Promise<TreeRow> {
  await rowWith(...parts);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return rowWith(...parts);
}

/** Clicks on an action of a row that is not being drawn anew; a person takes longer to aim than that. */
export async function clickAction(row: string, action: string): Promise<void> {
  await restingRow(row);
  await driver.clickInline(row, action);
}

/** What the terminal in front shows, once it fits. */
export async function shows(pattern: RegExp, what = String(pattern)): Promise<string> {
  let text = '';
  try {
    return await eventually(async () => {
      text = await driver.terminalText();
      return pattern.test(text) && text;
    }, `the terminal shows ${what}`);
  } catch (error) {
    await driver.screenshot('shows-failed');
    const tabs = vscode.window.terminals.map(({ name }) => name).join(', ');
    throw new Error(`${String(error)}\nIt shows: ${text}\nTabs: ${tabs}`, { cause: error });
  }
}

/** Once the process has ended. */
export const exited = (processId: string): Promise<unknown> =>
  eventually(async () => (await stateOf(processId)) !== 'running', `the end of ${processId}`);
