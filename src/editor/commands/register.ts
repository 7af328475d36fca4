import * as vscode from 'vscode';
import type { ProcessTable } from '../../environment/index';
import type { Door } from '../server/door';
import { showMenu } from '../server/menu';
import type { ServerControl } from '../server/serverControl';
import type { Terminals } from '../terminal/terminals';
import type { ProcessView } from '../tree/processView';
import { connectionParts, copyCommand, copyConnection, copyOutput } from './copying';
import { interrupt, kill } from './stopping';
import { any, running, stoppable, Targets } from './targets';

export interface CommandParts {
  readonly table: ProcessTable;
  readonly door: Door;
  readonly control: ServerControl;
  readonly view: ProcessView;
  readonly terminals: Terminals;
  readonly log: vscode.LogOutputChannel;
}

/** What a person can do, by mouse, keyboard and palette. */
export function registerCommands(parts: CommandParts): vscode.Disposable[] {
  const { table, door, control, view, terminals, log } = parts;
  const targets = new Targets(table, view);
  const { l10n } = vscode;

  const open = async (preserveFocus: boolean, rest: unknown[]): Promise<void> => {
    const process = await targets.one(l10n.t('Open the terminal of'), any, ...rest);
    if (!process) return;
    view.seen(process);
    terminals.show(process, preserveFocus);
  };

  const commands: Record<string, (...rest: unknown[]) => unknown> = {
    'execServer.startServer': () => control.start(),
    'execServer.stopServer': () => control.stop(),
    'execServer.restartServer': () => control.restart(),
    'execServer.newToken': () => control.renewToken(),
    'execServer.showMenu': () => showMenu(door),
    'execServer.showLog': () => log.show(),
    'execServer.copyUrl': () => copyConnection(door, connectionParts.url),
    'execServer.copyEnvironmentLine': () => copyConnection(door, connectionParts.environmentLine),
    'execServer.copyEnvironmentsToml': () => copyConnection(door, connectionParts.environmentsToml),
    'execServer.killAll': () => kill(table.list(), log),
    'execServer.clearFinished': () => {
      terminals.closeFinished();
      table.clearFinished();
    },
    'execServer.process.open': (...rest) => open(false, rest),
    // A click on a row: looks without taking the keyboard.
    'execServer.process.peek': (...rest) => open(true, rest),
    'execServer.process.interrupt': async (...rest) =>
      interrupt(await targets.many(l10n.t('Interrupt'), running, ...rest)),
    'execServer.process.kill': async (...rest) =>
      kill(await targets.many(l10n.t('Kill'), stoppable, ...rest), log),
    'execServer.process.copyCommand': async (...rest) =>
      copyCommand(await targets.many(l10n.t('Copy the command of'), any, ...rest)),
    'execServer.process.copyOutput': async (...rest) => {
      const process = await targets.one(l10n.t('Copy the output of'), any, ...rest);
      if (process) await copyOutput(process);
    },
    'execServer.client.kill': async (...rest) =>
      kill(await targets.many(l10n.t('Kill'), stoppable, ...rest), log),
  };
  return Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run));
}
