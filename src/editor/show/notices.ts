import * as vscode from 'vscode';
import { plain } from '../text/plain';

/** How long a word in the status bar stays. */
const FLASH_MS = 4000;

/** Notices: what is told may be the words of others, in which nothing is live here. Resolve to the chosen button. */
export function showError(message: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(plain(message), ...buttons);
}

export function showWarning(message: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(plain(message), ...buttons);
}

export function showInformation(message: string, ...buttons: string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(plain(message), ...buttons);
}

/** A modal question with one way to say yes. */
export async function confirm(question: string, detail: string, yes: string): Promise<boolean> {
  const options = { modal: true, detail: plain(detail) };
  return (await vscode.window.showWarningMessage(plain(question), options, yes)) === yes;
}

/** A word in the status bar that goes by itself. */
export function flash(text: string): void {
  vscode.window.setStatusBarMessage(plain(text), FLASH_MS);
}

/** Shows that something is being done, and how far it is, and lets a person give it up. Rejects as `work` does. */
export function withCancel<T>(
  title: string,
  work: (signal: AbortSignal, report: (step: string) => void) => Promise<T>,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title: plain(title), cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort(new vscode.CancellationError()));
    try {
      return await work(abort.signal, (step) => progress.report({ message: plain(step) }));
    } catch (error) {
      throw abort.signal.aborted ? new vscode.CancellationError() : error;
    } finally {
      subscription.dispose();
    }
  });
}
