import * as vscode from 'vscode';
import type { ManagedProcess, ProcessTable } from '../../environment';
import { showInformation } from '../show/notices';
import { commandName } from '../text/commandName';
import { clientName } from '../tree/clientName';

/** Tells a person, once for each time they take a keyboard, that an agent waits for it. */
export function tellOfHeld(table: ProcessTable, open: (process: ManagedProcess) => void): vscode.Disposable {
  const told = new WeakSet<ManagedProcess>();
  const look = (process: ManagedProcess): void => {
    const { taken, heldBytes } = process.keyboard;
    if (!taken) told.delete(process);
    if (!taken || heldBytes === null || told.has(process)) return;
    told.add(process);
    void tell(process, open);
  };
  table.on('changed', look);
  return new vscode.Disposable(() => table.off('changed', look));
}

async function tell(process: ManagedProcess, open: (process: ManagedProcess) => void): Promise<void> {
  const { l10n } = vscode;
  const [giveBack, show] = [l10n.t('Give Back'), l10n.t('Open')];
  const sentence = l10n.t({
    message: '{0} wants to type into {1}. You have the keyboard: its input waits.',
    args: [clientName(process.owner.name), commandName(process.spec)],
    comment: ['{0} is an agent, {1} its command'],
  });
  const choice = await showInformation(sentence, giveBack, show);
  if (choice === giveBack) process.keyboard.giveBack();
  if (choice === show) open(process);
}
