import type { ManagedProcess } from '../../environment';
import { terminalName } from '../text/commandLabel';
import { plainTab, type TabName } from '../text/plain';
import { rowStatus, type Status } from '../tree/status';
import { viewModel } from '../tree/viewModel';
import { endMark, ROW_WORDS } from '../words';

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
