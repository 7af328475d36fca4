import { Disposable } from 'vscode';
import type { ManagedProcess, ProcessTable } from '../environment';
import { settings } from './settings';
import type { Terminals } from './terminal/terminals';
import { rowStatus } from './tree/status';
import { viewModel } from './tree/viewModel';

/** Opens terminals by itself when the setting says so; never takes the focus. */
export function revealBySetting(table: ProcessTable, terminals: Terminals): Disposable {
  const revealed = new Set<string>();
  const started = (process: ManagedProcess): void => {
    if (settings.reveal() === 'onStart' && !process.noStart) terminals.reveal(process);
  };
  const changed = (process: ManagedProcess): void => {
    if (rowStatus(viewModel(process)) !== 'failed' || revealed.has(process.id)) return;
    if (settings.reveal() !== 'onError') return;
    revealed.add(process.id);
    terminals.reveal(process);
  };
  const removed = (process: ManagedProcess): void => void revealed.delete(process.id);
  table.on('added', started).on('changed', changed).on('removed', removed);
  return new Disposable(() => table.off('added', started).off('changed', changed).off('removed', removed));
}
