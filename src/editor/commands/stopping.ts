import * as vscode from 'vscode';
import type { ManagedProcess, Survivor } from '../../environment';
import type { Log } from '../show/log';
import { confirm, flash, showWarning } from '../show/notices';
import { nameCommands, nameSurvivors } from './named';

/** Ends processes by the ladder, asking only when it is more than one; says what outlived it. */
export async function kill(processes: readonly ManagedProcess[], log: Log): Promise<void> {
  const running = processes.filter(({ closed }) => !closed);
  if (running.length > 1 && !(await confirmKill(running))) return;
  await Promise.all(
    running.map((process) => {
      log.info(`Kill by a person: ${process.id} (${process.environmentId ?? `pid ${process.pid ?? '?'}`})`);
      return process.stop({ from: 'terminate', by: 'person' });
    }),
  );
  // Whoever called this waits for the end, not for a person to read of it.
  void tellSurvivors(running, log);
}

/** Once more SIGKILL for what outlived a kill. */
export async function killSurvivors(processes: readonly ManagedProcess[], log: Log): Promise<void> {
  const survived = processes.filter(hasSurvivors);
  await Promise.all(survived.map((process) => process.stopSurvivors('person')));
  if (survived.length && !survived.some(hasSurvivors)) flash(vscode.l10n.t('Nothing of it is left'));
  void tellSurvivors(survived, log);
}

/** Whether something outlived the last kill. */
export function hasSurvivors({ stopReport }: ManagedProcess): boolean {
  return stopReport !== null && stopReport.done && stopReport.left.length > 0;
}

/** Ctrl+C from outside the terminal. */
export function interrupt(processes: readonly ManagedProcess[]): void {
  for (const process of processes) void process.interrupt();
}

/** Before something ends commands besides: true if none runs, or a person agrees. */
export async function confirmEnding(
  what: string,
  processes: readonly ManagedProcess[],
  yes: string,
): Promise<boolean> {
  const running = processes.filter(({ closed }) => !closed);
  if (!running.length) return true;
  const { l10n } = vscode;
  const detail =
    running.length === 1
      ? l10n.t('1 running command will be stopped: {0}', nameCommands(running))
      : l10n.t('{0} running commands will be stopped: {1}', running.length, nameCommands(running));
  return confirm(what, detail, yes);
}

function confirmKill(running: readonly ManagedProcess[]): Promise<boolean> {
  const { l10n } = vscode;
  return confirm(
    l10n.t('Kill {0} running commands?', running.length),
    l10n.t('{0}. Agents will see them as killed.', nameCommands(running)),
    l10n.t('Kill {0} Commands', running.length),
  );
}

async function tellSurvivors(processes: readonly ManagedProcess[], log: Log): Promise<void> {
  const left = processes.flatMap(({ stopReport }): readonly Survivor[] => stopReport?.left ?? []);
  if (!left.length) return;
  const { l10n } = vscode;
  log.warn(`Survived every signal: ${nameSurvivors(left)}`);
  const again = l10n.t('Kill It Too');
  const copy = l10n.t('Copy sudo Command');
  // A number of another machine is somebody else's here.
  const isHere = processes.every(({ environmentId }) => environmentId === null);
  const pids = isHere ? left.flatMap(({ pid }) => pid ?? []) : [];
  const message = l10n.t(
    'Could not stop {0}. It may belong to another user, or wait for a device.',
    nameSurvivors(left),
  );
  const ways = [again, ...(pids.length && process.platform !== 'win32' ? [copy] : [])];
  const choice = await showWarning(message, ...ways);
  if (choice === again) return killSurvivors(processes, log);
  if (choice === copy) await vscode.env.clipboard.writeText(`sudo kill -9 ${pids.join(' ')}`);
}
