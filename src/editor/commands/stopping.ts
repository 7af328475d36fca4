import * as vscode from 'vscode';
import type { ManagedProcess, Survivor } from '../../environment/index';
import { oneLine, shorten } from '../text/clean';

/** A person's Kill: asks nicely first, and this long after with force. */
const GRACE_MS = 2000;
const SURVIVORS_SHOWN = 3;
const NAME_CHARACTERS = 60;

/** Ends processes by the ladder, asking only when it is more than one; says what outlived it. */
export async function kill(
  processes: readonly ManagedProcess[],
  log: vscode.LogOutputChannel,
): Promise<void> {
  const running = processes.filter(({ closed }) => !closed);
  if (running.length > 1 && !(await confirm(running.length))) return;
  const survivors = await Promise.all(
    running.map((process) => {
      log.info(`Kill by a person: ${process.key} (${process.place ?? `pid ${process.pid ?? '?'}`})`);
      return process.stop({ from: 'terminate', graceMs: GRACE_MS, by: 'person' });
    }),
  );
  warn(survivors.flat(), log);
}

/** Ctrl+C from outside the terminal. */
export function interrupt(processes: readonly ManagedProcess[]): void {
  for (const process of processes) process.interrupt();
}

async function confirm(count: number): Promise<boolean> {
  const kill = vscode.l10n.t('Kill All');
  const choice = await vscode.window.showWarningMessage(
    vscode.l10n.t('Kill {0} running commands?', count),
    { modal: true, detail: vscode.l10n.t('Agents see their commands as killed.') },
    kill,
  );
  return choice === kill;
}

function warn(survivors: readonly Survivor[], log: vscode.LogOutputChannel): void {
  if (!survivors.length) return;
  const named = survivors.map(
    ({ pid, command }) => shorten(oneLine(command), NAME_CHARACTERS) + (pid === null ? '' : ` (${pid})`),
  );
  log.warn(`Survived every signal: ${named.join(', ')}`);
  const shown = named.slice(0, SURVIVORS_SHOWN).join(', ') + (named.length > SURVIVORS_SHOWN ? ', …' : '');
  void vscode.window.showWarningMessage(vscode.l10n.t('Could not be ended: {0}', shown));
}
