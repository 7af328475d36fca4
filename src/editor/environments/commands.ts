import * as vscode from 'vscode';
import { openSettings } from '../openSettings';
import { LOCAL_ENVIRONMENT_ID } from '../../environment';
import { withoutQuery, type Entry, type Hub } from '../../hub';
import type { Log } from '../show/log';
import { confirm, flash, withCancel } from '../show/notices';
import { askSecret } from '../show/steps';
import { readEnvironments, writeEnvironments } from '../settings';
import type { Terminals } from '../terminal/terminals';
import { addressOf } from './address';
import { Attach, tokenPrompt } from './attach';
import { showTrouble, type TroubleAction } from './connecting';
import type { EnvironmentView } from './environmentView';
import { environmentViewModel } from './viewModel';
import { keepIn } from './keep';
import { attachMachine } from './machine/attachMachine';
import { environmentOf } from './pick';
import { startShell } from './shell';
import type { Tokens } from './tokens';

export interface EnvironmentCommandParts {
  readonly hub: Hub;
  readonly tokens: Tokens;
  readonly view: EnvironmentView;
  readonly terminals: Terminals;
  readonly log: Log;
}

/** What a person can do with environments, by mouse, keyboard and palette. */
export function environmentCommands(
  parts: EnvironmentCommandParts,
): Record<string, (row?: unknown) => unknown> {
  const { hub, tokens, view, terminals } = parts;
  const { environments } = hub;
  const { l10n } = vscode;
  const keep = keepIn(environments, (id) => view.show(id));
  const attach = new Attach(environments, tokens, keep);
  const remote = (id: string): boolean => id !== LOCAL_ENVIRONMENT_ID;
  const away = (id: string): boolean => remote(id) && environments.state(id) !== 'connected';

  /** Finds the environment, does it, and tells in words what went wrong. */
  const withEnvironment =
    (question: string, fits: (id: string) => boolean, act: (id: string) => Promise<void>) =>
    async (row?: unknown): Promise<void> => {
      const id = await environmentOf(environments, row, question, fits);
      if (id === undefined) return;
      await act(id).catch((error: unknown) => void showTrouble(id, error, actionsFor(id)));
    };

  const connect = async (id: string): Promise<void> => {
    if (!remote(id)) return;
    await withCancel(l10n.t('Connecting to {0}', id), (signal) => environments.connect(id, signal));
  };

  const again = (id: string): Promise<void> =>
    connect(id).catch((error: unknown) => showTrouble(id, error, actionsFor(id)));

  const actionsFor = (id: string): TroubleAction[] => [
    { label: l10n.t('Try Again'), run: () => again(id) },
    ...(environmentViewModel(environments, id).kind === 'url'
      ? [{ label: l10n.t('Change Token'), run: () => commands['execServer.environment.changeToken']?.(id) }]
      : []),
  ];

  const disconnect = async (id: string): Promise<boolean> => {
    const running = environments.running(id).length;
    if (running > 0 && !(await confirmEnd(running, id))) return false;
    await environments.disconnect(id);
    return true;
  };

  const commands: Record<string, (row?: unknown) => unknown> = {
    'execServer.environment.attach': () => attach.run(),
    'execServer.environment.attachMachine': () =>
      attachMachine(environments, keep, (text) => parts.log.info(text)),
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
        const open = (): Promise<unknown> => startShell(id, hub).then((shell) => terminals.show(shell));
        if (away(id))
          await withCancel(l10n.t('Connecting to {0}', id), (signal) => environments.connect(id, signal));
        await open();
      },
    ),
    'execServer.environment.copyUrl': withEnvironment(l10n.t('Copy URL or Command'), remote, async (id) => {
      const entry = environments.entry(id);
      if (!entry) return;
      await vscode.env.clipboard.writeText(addressOf(entry));
      flash(copiedText(entry));
    }),
    'execServer.environment.changeToken': withEnvironment(
      l10n.t('Change the token of'),
      (id) => environmentViewModel(environments, id).kind === 'url',
      async (id) => {
        const token = await askSecret(id, tokenPrompt());
        if (token === undefined) return;
        await tokens.set(id, token.trim());
        if (away(id)) await connect(id);
      },
    ),
    'execServer.environment.openSettings': () => openSettings('execServer.environments'),
  };
  return commands;
}

function copiedText(entry: Entry): string {
  if (!('url' in entry)) return vscode.l10n.t('Command copied');
  return withoutQuery(entry.url) === entry.url
    ? vscode.l10n.t('URL copied, without its token')
    : vscode.l10n.t('URL copied, without its token and what follows the “?”');
}

function confirmEnd(running: number, id: string): Promise<boolean> {
  const { l10n } = vscode;
  const question =
    running === 1
      ? l10n.t('Stop 1 running command in {0}?', id)
      : l10n.t('Stop {0} running commands in {1}?', running, id);
  return confirm(question, l10n.t('They will be stopped first.'), l10n.t('Stop Commands'));
}
