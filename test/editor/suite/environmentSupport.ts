import * as vscode from 'vscode';
import { driver, eventually, type TreeRow } from '../host/driver';
import { ROW_PATIENCE_MS } from './support';

/** The view's title. */
export const VIEW = 'Environments';

const rowOf = (view: string, parts: readonly string[]): Promise<TreeRow> =>
  eventually(
    async () => (await driver.treeRows(view)).find(({ text }) => parts.every((part) => text.includes(part))),
    `a row of ${view} with ${parts.join(', ')}`,
    ROW_PATIENCE_MS,
  );
/** A row of a process, or of the one who started it. */
export const row = (...parts: string[]): Promise<TreeRow> => rowOf('Processes', parts);
/** A row of an environment. */
export const place = (...parts: string[]): Promise<TreeRow> => rowOf(VIEW, parts);

/** The tooltip of an environment; a row that is just drawn anew brings up none. */
export const tooltipOf = (id: string): Promise<string> =>
  eventually(
    async () => {
      const text = await driver.rowTooltip(`${VIEW} > ${id}`);
      return text.startsWith('State') && text;
    },
    `the tooltip of ${id}`,
    ROW_PATIENCE_MS,
  );

/** The view says how to attach one, and has no rows. Other views may still show what has just ended there. */
export const welcomed = (): Promise<true> =>
  eventually(
    async () =>
      ((await driver.viewText(VIEW)).includes('Attach Exec Server…') &&
        (await driver.treeRows(VIEW)).length === 0) ||
      undefined,
    'the welcome, and no environments',
  );

/** A notice that has all of these. */
export const notified = (...parts: string[]): Promise<string> =>
  eventually(
    async () =>
      (await driver.notifications()).find((text) => parts.every((part) => text.includes(part))) ?? undefined,
    `a notice with ${parts.join(', ')}`,
    ROW_PATIENCE_MS,
  );

export async function forgetNotices(): Promise<void> {
  await vscode.commands.executeCommand('notifications.clearAll');
  await vscode.commands.executeCommand('notifications.hideList');
}

export const asked = (part: string): Promise<true> =>
  eventually(async () => (await driver.question()).includes(part) || undefined, `the question ${part}`);

export const shows = (pattern: RegExp): Promise<true> =>
  eventually(
    async () => pattern.test(await driver.terminalText()) || undefined,
    `the terminal shows ${String(pattern)}`,
  );

/** Clicks on an action of a row of one view, once it is not being drawn anew. */
export async function click(text: string, action: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 700));
  await driver.clickInline(text, action);
}

/** Opens a shell by a click on the environment, and waits until the keyboard is in it. */
export async function openShell(id: string): Promise<void> {
  const before = vscode.window.terminals;
  await click(`${VIEW} > ${id}`, 'Open a Shell Here');
  await row('Shell', id);
  await eventually(async () => {
    const { activeTerminal } = vscode.window;
    return activeTerminal && !before.includes(activeTerminal) && (await driver.activeElement()).terminal;
  }, 'the keyboard is in the new terminal');
}

export const setEnvironments = (value: unknown): Thenable<void> =>
  vscode.workspace
    .getConfiguration('execServer')
    .update('environments', value, vscode.ConfigurationTarget.Global);
export const environments = (): unknown =>
  vscode.workspace.getConfiguration('execServer').get('environments');
