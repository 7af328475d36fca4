import * as vscode from 'vscode';
import { showError } from '../show/notices';
import { messageOf } from '../../values';

/** A way out that is offered beside the words for what went wrong. */
export interface TroubleAction {
  readonly label: string;
  readonly run: () => unknown;
}

/** What went wrong, naming the environment, with the ways out. A person's own cancel is nothing to be told. */
export async function showTrouble(id: string, error: unknown, ways: readonly TroubleAction[]): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  const text = messageOf(error);
  const log = {
    label: vscode.l10n.t('Show Log'),
    run: () => vscode.commands.executeCommand('execServer.showLog'),
  };
  const all = [...ways, log];
  const message = text.includes(id) ? text : `${id}: ${text}`;
  const choice = await showError(message, ...all.map(({ label }) => label));
  await all.find(({ label }) => label === choice)?.run();
}
