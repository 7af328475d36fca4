import * as vscode from 'vscode';
import type { ManagedProcess } from '../../environment';
import type { Hub } from '../../hub';
import type { OutputDocuments } from '../output/outputDocuments';
import type { ServerLifecycle } from '../server/serverLifecycle';
import { showMenu } from '../server/menu';
import { checkSandbox } from '../server/sandboxStatus';
import type { Finding } from '../server/finding';
import type { Keeping } from '../server/keeping';
import type { ServerControl } from '../server/serverControl';
import { sendSecret } from '../keyboard/sendSecret';
import { isTaken } from '../keyboard/takeOver';
import { registerCommands } from '../show/commands';
import { Forwards } from '../forwards';
import { answer } from '../needs/answer';
import type { Needed } from '../needs/needed';
import type { Log } from '../show/log';
import type { Terminals } from '../terminal/terminals';
import { ClientNode, MemberNode } from '../tree/nodes';
import type { ProcessView } from '../tree/processView';
import type { ViewOptions } from '../tree/viewOptions';
import type { History } from '../history/history';
import { about, exportWhatHappened, showWhatHappened } from '../history/whatHappened';
import { connectionParts, copyCommand, copyConnection, copyOutput, copyWayOut } from './copying';
import { saveOutputAs } from './saving';
import { sendSignal } from './signals';
import { disconnect } from './clients';
import { hasSurvivors, interrupt, kill, killSurvivors } from './stopping';
import { askFilter, askGrouping } from './viewing';
import {
  any,
  asking,
  local,
  numbered,
  reached,
  refused,
  running,
  signalled,
  stoppable,
  Targets,
  typeable,
  untaken,
  type Fits,
} from './targets';
import { copyPids, openFolder, openInBrowser, runAgain, runInTerminal } from './verbs';

export interface CommandParts {
  readonly hub: Hub;
  readonly lifecycle: ServerLifecycle;
  readonly control: ServerControl;
  readonly keeping: Keeping;
  readonly finding: Pick<Finding, 'leave'>;
  readonly view: ProcessView;
  readonly viewOptions: ViewOptions;
  readonly terminals: Terminals;
  readonly needed: Needed;
  readonly outputs: OutputDocuments;
  readonly history: History;
  readonly log: Log;
}

/** What a person can do, by mouse, keyboard and palette. */
export function personCommands(parts: CommandParts): { dispose(): unknown }[] {
  const { hub, lifecycle, control, keeping, finding, view, viewOptions } = parts;
  const { terminals, needed, outputs, history, log } = parts;
  const { table } = hub;
  const targets = new Targets(table, view);
  const forwards = new Forwards(table);
  const { l10n } = vscode;

  const timeline = { history, open: (process: ManagedProcess) => terminals.show(process) };
  const open = (process: ManagedProcess | undefined, way: 'show' | 'peek'): void => {
    if (!process) return;
    terminals[way](process);
  };

  /** What is typed into is most likely what is looked at. */
  const typedInto = async (question: string, fits: Fits, ...rest: unknown[]) => {
    const front = rest.length ? undefined : terminals.inFront;
    return front && fits(front) ? front : targets.one(question, fits, ...rest);
  };

  const commands: Record<string, (...rest: unknown[]) => unknown> = {
    'execServer.startServer': () => control.start(),
    'execServer.stopServer': () => control.stop(),
    'execServer.restartServer': () => control.restart(),
    'execServer.newToken': () => control.renewToken(),
    'execServer.endEverything': () =>
      lifecycle.socket === undefined ? keeping.endLeft() : control.endEverything(),
    'execServer.showMenu': () => showMenu(lifecycle, needed, table),
    'execServer.checkSandbox': () => checkSandbox(table),
    'execServer.showLog': () => log.show(),
    'execServer.copyUrl': () => copyConnection(lifecycle, connectionParts.url),
    'execServer.copyCodexCommandLine': () => copyConnection(lifecycle, connectionParts.codexCommandLine),
    'execServer.copyEnvironmentsToml': () => copyConnection(lifecycle, connectionParts.environmentsToml),
    'execServer.killAll': () => kill(table.list(), log),
    'execServer.clearFinished': () => {
      terminals.closeFinished();
      table.clearFinished();
      keeping.server?.clearFinished();
      history.clear();
    },
    'execServer.showWhatHappened': (row) =>
      showWhatHappened(
        timeline,
        row === undefined ? undefined : about(row, targets.processesOf(row), history),
      ),
    'execServer.exportWhatHappened': (to) =>
      exportWhatHappened(history, to instanceof vscode.Uri ? to : undefined),
    'execServer.filter': () => askFilter(viewOptions),
    'execServer.groupBy': () => askGrouping(viewOptions),
    'execServer.showAll': () => viewOptions.set({ text: '', only: 'all' }),
    'execServer.showRunning': () => viewOptions.set({ only: 'running' }),
    'execServer.showFailed': () => viewOptions.set({ only: 'failed' }),
    'execServer.process.open': async (...rest) =>
      open(await targets.one(l10n.t('Open the terminal of'), any, ...rest), 'show'),
    'execServer.process.answer': async (...rest) => {
      const process = await targets.one(l10n.t('Answer'), asking, ...rest);
      const needs = process?.needsInput;
      if (needs) await answer({ process, needs }, needed);
    },
    'execServer.process.takeOver': async (...rest) => {
      const process = await typedInto(l10n.t('Take over'), untaken, ...rest);
      if (!process) return;
      process.keyboard.takeOver();
      open(process, 'show');
    },
    'execServer.process.giveBack': async (...rest) =>
      (await typedInto(l10n.t('Give back'), isTaken, ...rest))?.keyboard.giveBack(),
    'execServer.process.sendSecret': async (...rest) => {
      const process = await typedInto(l10n.t('Send a secret to'), typeable, ...rest);
      if (process) await sendSecret(process);
    },
    'execServer.process.interrupt': async (...rest) =>
      interrupt(await targets.many(l10n.t('Interrupt'), running, ...rest)),
    'execServer.process.kill': async (...rest) =>
      kill(await targets.many(l10n.t('Kill'), stoppable, ...rest), log),
    'execServer.process.killSurvivors': async (...rest) =>
      killSurvivors(await targets.many(l10n.t('Kill what survived of'), hasSurvivors, ...rest), log),
    'execServer.process.copyCommand': async (...rest) =>
      copyCommand(await targets.many(l10n.t('Copy the command of'), any, ...rest)),
    'execServer.process.copyOutput': async (...rest) => {
      const process = await targets.one(l10n.t('Copy the output of'), any, ...rest);
      if (process) await copyOutput(process);
    },
    'execServer.process.copyWayOut': async (...rest) => {
      const process = await targets.one(l10n.t('Copy the way out of'), refused, ...rest);
      if (process) await copyWayOut(process);
    },
    'execServer.process.copyPid': async (...rest) => {
      const [row] = rest;
      if (row instanceof MemberNode) return copyPids([row.member.pid]);
      const processes = await targets.many(l10n.t('Copy the process ID of'), numbered, ...rest);
      return copyPids(processes.map(({ pid, farPid }) => pid ?? farPid));
    },
    'execServer.process.rerun': async (...rest) => {
      const process = await targets.one(l10n.t('Run again'), any, ...rest);
      if (process) open(await runAgain(hub, process), 'peek');
    },
    'execServer.process.runInTerminal': async (...rest) => {
      const process = await targets.one(l10n.t('Run in a terminal'), local, ...rest);
      if (process) runInTerminal(process);
    },
    'execServer.process.openFolder': async (...rest) => {
      const process = await targets.one(l10n.t('Open the folder of'), local, ...rest);
      if (process) await openFolder(process);
    },
    'execServer.process.openInBrowser': async (...rest) => {
      const process = await targets.one(l10n.t('Open in the browser'), reached, ...rest);
      if (process) await openInBrowser(process, forwards);
    },
    'execServer.process.sendSignal': async (...rest) => {
      const [row] = rest;
      if (row instanceof MemberNode) return sendSignal(row.parent.process, row);
      const process = await targets.one(l10n.t('Send a signal to'), signalled, ...rest);
      if (process) await sendSignal(process);
    },
    'execServer.process.openOutput': async (...rest) => {
      const process = await targets.one(l10n.t('Open the output of'), any, ...rest);
      if (process) await outputs.open(process);
    },
    'execServer.process.saveOutput': async (...rest) => {
      const process = await targets.one(l10n.t('Save the output of'), any, ...rest);
      if (process) await saveOutputAs(process);
    },
    'execServer.client.keep': (row) => {
      if (row instanceof ClientNode) lifecycle.keepClient(row.id);
    },
    'execServer.client.end': (row) => (row instanceof ClientNode ? lifecycle.endClient(row.id) : undefined),
    'execServer.client.disconnect': (row) =>
      row instanceof ClientNode ? disconnect(row, lifecycle, finding) : undefined,
    'execServer.client.kill': async (...rest) =>
      kill(await targets.many(l10n.t('Kill'), stoppable, ...rest), log),
  };
  return [forwards, ...registerCommands(commands)];
}
