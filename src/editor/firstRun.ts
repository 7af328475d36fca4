import { commands, type Memento } from 'vscode';

const SHOWN = 'execServer.paneWasShown';

/**
 * Shows the pane when the extension runs for the first time, so that nobody has to search for what was installed; from
 * then on the editor's own memory of what each folder showed counts. The keyboard stays where it is.
 */
export async function showOnce(memory: Memento): Promise<void> {
  if (memory.get(SHOWN)) return;
  await memory.update(SHOWN, true);
  await commands.executeCommand('execServer.processes.focus', { preserveFocus: true });
}
