import * as vscode from 'vscode';
import { plain } from '../text/plain';

/** Low, so that it stands right of what belongs to the workspace's version control. */
const PRIORITY = -10;

/** An entry of the status bar: an icon and words. */
export class StatusItem implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private shown = '';

  constructor(
    id: string,
    private readonly name: string,
    command: string,
  ) {
    this.item = vscode.window.createStatusBarItem(id, vscode.StatusBarAlignment.Left, PRIORITY);
    this.item.name = name;
    this.item.command = command;
  }

  show(icon: string, words: string, tooltip: string, isError: boolean): void {
    const now = JSON.stringify([icon, words, tooltip, isError]);
    if (now === this.shown) return;
    this.shown = now;
    this.item.text = `$(${icon}) ${plain(words)}`;
    this.item.tooltip = plain(tooltip);
    this.item.accessibilityInformation = { label: plain(`${this.name}: ${tooltip}`), role: 'button' };
    this.item.backgroundColor = isError ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
