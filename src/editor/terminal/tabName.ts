import { l10n } from 'vscode';
import type { ManagedProcess } from '../../environment';
import { terminalName } from '../text/commandLabel';
import { signalName } from '../text/exitText';
import { plainTab, type TabName } from '../text/plain';
import { rowStatus, type Status } from '../tree/status';
import { viewModel } from '../tree/viewModel';
import { ROW_WORDS } from '../tree/rowWords';

/** A tab's icon and colour cannot change once it is open. While a process runs, neither says anything that ends. */
const RUNNING_ICON = 'terminal';

/** Icon and colour of a tab that is opened after the end; colours other than these do not count in terminals. */
const ENDED_ICONS: Readonly<Record<Exclude<Status, 'running' | 'stopping'>, readonly [string, string]>> = {
  ok: ['pass', 'terminal.ansiGreen'],
  failed: ['error', 'terminal.ansiRed'],
  killed: ['debug-stop', 'terminal.ansiMagenta'],
  lost: ['debug-disconnect', 'terminal.ansiMagenta'],
  refused: ['circle-slash', 'terminal.ansiMagenta'],
  unstarted: ['warning', 'terminal.ansiRed'],
};

/** What a tab is called: how its process ended, if it did, or that a person has its keyboard, before what may be cut off. */
export function tabName(process: ManagedProcess): TabName {
  const { spec, environmentId } = process;
  const name = terminalName(spec, environmentId);
  if (process.state !== 'running') return plainTab(`${endMark(process)} ${name}`);
  const { taken, takenElsewhere } = process.keyboard;
  return plainTab(taken && !takenElsewhere ? `${ROW_WORDS.typing()}: ${name}` : name);
}

/** Icon and colour of a tab that is opened now. */
export function tabIcon(process: ManagedProcess): readonly [icon: string, color: string | undefined] {
  const status = rowStatus(viewModel(process));
  return status === 'running' || status === 'stopping' ? [RUNNING_ICON, undefined] : ENDED_ICONS[status];
}

/** How a process ended, before the name of its tab, which has little room. */
function endMark(process: ManagedProcess): string {
  if (process.state === 'killed') return l10n.t('killed');
  if (process.state === 'lost') return l10n.t('lost');
  if (process.noStart) return '✗';
  const { exitCode, exitSignal } = process;
  if (exitSignal !== null) return `✗ ${signalName(exitSignal) ?? exitSignal}`;
  return exitCode === 0 ? '✓' : `✗ ${exitCode ?? '?'}`;
}
