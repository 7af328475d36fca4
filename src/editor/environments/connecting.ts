import * as vscode from 'vscode';

/** Shows that something is being reached, and lets a person give it up. Rejects as `work` does. */
export function withCancel<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (_, token) => {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort(new vscode.CancellationError()));
    try {
      return await work(abort.signal);
    } catch (error) {
      throw abort.signal.aborted ? new vscode.CancellationError() : error;
    } finally {
      subscription.dispose();
    }
  });
}

/** A way out that is offered beside the words for what went wrong. */
export interface WayOut {
  readonly label: string;
  readonly run: () => unknown;
}

/** What went wrong, naming the environment, with the ways out. A person's own cancel is nothing to be told. */
export async function showTrouble(id: string, error: unknown, ways: readonly WayOut[]): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  const text = error instanceof Error ? error.message : String(error);
  const log = {
    label: vscode.l10n.t('Show Log'),
    run: () => vscode.commands.executeCommand('execServer.showLog'),
  };
  const all = [...ways, log];
  const message = text.includes(id) ? text : `${id}: ${text}`;
  const choice = await vscode.window.showErrorMessage(message, ...all.map(({ label }) => label));
  await all.find(({ label }) => label === choice)?.run();
}
