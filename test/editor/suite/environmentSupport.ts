import { mkdirSync } from 'node:fs';
import * as vscode from 'vscode';
import { SshHost } from '../../clients/sshHost';
import { driver, eventually, skip, type TreeRow } from '../host/driver';
import { ready, rowWith } from './support';

/** The view's title. */
export const VIEW = 'Environments';

/** A machine behind ssh that never heard of exec-server; without what that takes here the test is skipped. */
export async function machine(context: Mocha.Context): Promise<SshHost> {
  const missing = SshHost.missing();
  if (missing !== undefined) skip(context, missing);
  await ready();
  const host = new SshHost((own) => [`SetEnv XDG_CACHE_HOME=${own.file('cache')}`]);
  mkdirSync(host.file('cache'));
  await host.start();
  return host;
}

/** A row of a process, or of the one who started it. */
export const row = rowWith;
/** A row of an environment. */
export const place = (...parts: string[]): Promise<TreeRow> =>
  eventually(
    async () => (await driver.treeRows(VIEW)).find(({ text }) => parts.every((part) => text.includes(part))),
    `a row of ${VIEW} with ${parts.join(', ')}`,
  );

/** The tooltip of an environment; a row that is just drawn anew brings up none. */
export const tooltipOf = (id: string): Promise<string> =>
  eventually(async () => {
    const text = await driver.rowTooltip(`${VIEW} > ${id}`);
    return text.startsWith('State') && text;
  }, `the tooltip of ${id}`);

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
  );

export async function forgetNotices(): Promise<void> {
  await vscode.commands.executeCommand('notifications.clearAll');
  await vscode.commands.executeCommand('notifications.hideList');
}

export const asked = (part: string): Promise<true> =>
  eventually(async () => (await driver.question()).includes(part) || undefined, `the question ${part}`);

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

export const setting = (name: string, value: unknown): Thenable<void> =>
  vscode.workspace.getConfiguration('execServer').update(name, value, vscode.ConfigurationTarget.Global);
export const setEnvironments = (value: unknown): Thenable<void> => setting('environments', value);
export const environments = (): unknown =>
  vscode.workspace.getConfiguration('execServer').get('environments');
