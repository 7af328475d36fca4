import * as vscode from 'vscode';

/** Rows take a colour from the address of a file only, and this is none's. */
const FADED = vscode.Uri.from({ scheme: 'execserver-faded', path: '/' });

/** Draws a row in grey once `fadedRows` is there: what it stands for is out of reach. Its words must say so, too. */
export function fade(item: vscode.TreeItem): void {
  item.resourceUri = FADED;
}

/** What makes faded rows grey. */
export function fadedRows(): vscode.Disposable {
  const grey = new vscode.FileDecoration(undefined, undefined, new vscode.ThemeColor('disabledForeground'));
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration: ({ scheme }) => (scheme === FADED.scheme ? grey : undefined),
  });
}
