import * as vscode from 'vscode';
import type { LocalHostBackend } from '../../environment/index';
import { readEnvironments, writeEnvironments } from '../settings';
import type { Terminals } from '../terminal/terminals';
import { addressOf } from './address';
import { Attach, tokenQuestion } from './attach';
import { showTrouble, withCancel, type WayOut } from './connecting';
import { LOCAL_ID, type Entry } from './entries';
import type { Environments } from './environments';
import type { EnvironmentView } from './environmentView';
import { environmentOf } from './pick';
import { startShell } from './shell';
import type { Tokens } from './tokens';
import { withoutQuery } from './url';

const MESSAGE_MS = 4000;

export interface EnvironmentCommandParts {
  readonly environments: Environments;
  readonly tokens: Tokens;
  readonly view: EnvironmentView;
  readonly terminals: Terminals;
  readonly local: LocalHostBackend;
}

/** What a person can do with environments, by mouse, keyboard and palette. */
export function environmentCommands(
  parts: EnvironmentCommandParts,
): Record<string, (row?: unknown) => unknown> {
  const { environments, tokens, view, terminals, local } = parts;
  const { l10n } = vscode;
  const attach = new Attach(environments, tokens, (id) => view.show(id));
  const remote = (id: string): boolean => id !== LOCAL_ID;
  const away = (id: string): boolean => remote(id) && environments.state(id) !== 'connected';

  /** Finds the environment, does it, and tells in words what went wrong. */
  const withEnvironment =
    (question: string, fits: (id: string) => boolean, act: (id: string) => Promise<void>) =>
    async (row?: unknown): Promise<void> => {
      const id = await environmentOf(environments, row, question, fits);
      if (id === undefined) return;
      await act(id).catch((error: unknown) => void showTrouble(id, error, waysOut(id)));
    };

  const connect = async (id: string): Promise<void> => {
    if (!remote(id)) return;
    await withCancel(l10n.t('Connecting to {0}', id), (signal) => environments.connect(id, signal));
  };

  const again = (id: string): Promise<void> =>
    connect(id).catch((error: unknown) => showTrouble(id, error, waysOut(id)));

  const waysOut = (id: string): WayOut[] => [
    { label: l10n.t('Try Again'), run: () => again(id) },
    ...(environments.facts(id).kind === 'url'
      ? [{ label: l10n.t('Change Token'), run: () => commands['execServer.environment.changeToken']?.(id) }]
      : []),
  ];

  const disconnect = async (id: string): Promise<boolean> => {
    const running = environments.running(id).length;
    if (running > 0 && !(await confirm(l10n.t('End {0} running commands in {1}?', running, id))))
      return false;
    await environments.disconnect(id);
    return true;
  };

  const commands: Record<string, (row?: unknown) => unknown> = {
    'execServer.environment.attach': () => attach.run(),
    'execServer.environment.connect': withEnvironment(l10n.t('Connect'), away, connect),
    'execServer.environment.reconnect': withEnvironment(l10n.t('Reconnect'), away, connect),
    'execServer.environment.disconnect': withEnvironment(
      l10n.t('Disconnect'),
      (id) => remote(id) && environments.state(id) !== 'disconnected',
      async (id) => {
        await disconnect(id);
      },
    ),
    'execServer.environment.remove': withEnvironment(l10n.t('Remove'), remote, async (id) => {
      if (!(await disconnect(id))) return;
      await writeEnvironments(
        readEnvironments().filter((entry) => (entry as { id?: unknown } | null)?.id !== id),
      );
      await tokens.set(id, undefined);
    }),
    'execServer.environment.openShell': withEnvironment(
      l10n.t('Open a shell in'),
      () => true,
      async (id) => {
        const open = (): Promise<unknown> =>
          startShell(id, environments, local).then((shell) => terminals.show(shell, false));
        if (away(id))
          await withCancel(l10n.t('Connecting to {0}', id), (signal) => environments.connect(id, signal));
        await open();
      },
    ),
    'execServer.environment.copyUrl': withEnvironment(l10n.t('Copy URL or Command'), remote, async (id) => {
      const entry = environments.entry(id);
      if (!entry) return;
      await vscode.env.clipboard.writeText(addressOf(entry));
      vscode.window.setStatusBarMessage(copiedText(entry), MESSAGE_MS);
    }),
    'execServer.environment.changeToken': withEnvironment(
      l10n.t('Change the token of'),
      (id) => environments.facts(id).kind === 'url',
      async (id) => {
        const token = await vscode.window.showInputBox({
          title: id,
          ...tokenQuestion(),
          ignoreFocusOut: true,
        });
        if (token === undefined) return;
        await tokens.set(id, token.trim());
        if (away(id)) await connect(id);
      },
    ),
    'execServer.environment.openSettings': () =>
      vscode.commands.executeCommand('workbench.action.openSettings', 'execServer.environments'),
  };
  return commands;
}

function copiedText(entry: Entry): string {
  if (!('url' in entry)) return vscode.l10n.t('Command copied');
  return withoutQuery(entry.url) === entry.url
    ? vscode.l10n.t('URL copied, without its token')
    : vscode.l10n.t('URL copied, without its token and what follows the “?”');
}

async function confirm(question: string): Promise<boolean> {
  const yes = vscode.l10n.t('End Them');
  const detail = vscode.l10n.t('They are ended before the connection is.');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}
