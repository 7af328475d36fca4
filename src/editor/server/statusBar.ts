import * as vscode from 'vscode';
import type { ProcessTable } from '../../environment/index';
import { Redraw } from '../redraw';
import type { Door } from './door';

/** Low, so that it stands right of what belongs to the workspace's version control. */
const PRIORITY = -10;

/** How many run, and whether the door is open. A click leads to the connection. */
export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    'execServer.status',
    vscode.StatusBarAlignment.Left,
    PRIORITY,
  );

  private readonly redraw = new Redraw(() => this.refresh());

  constructor(
    private readonly door: Door,
    private readonly table: ProcessTable,
  ) {
    this.item.name = vscode.l10n.t('Exec Server');
    this.item.command = 'execServer.showMenu';
    door.on('changed', this.redraw.ask);
    door.on('clients', this.redraw.ask);
    table.on('added', this.redraw.ask);
    table.on('changed', this.redraw.ask);
    this.refresh();
    this.item.show();
  }

  dispose(): void {
    this.redraw.dispose();
    this.door.off('changed', this.redraw.ask);
    this.door.off('clients', this.redraw.ask);
    this.table.off('added', this.redraw.ask);
    this.table.off('changed', this.redraw.ask);
    this.item.dispose();
  }

  private refresh(): void {
    const running = this.table.list().filter(({ state }) => state === 'running').length;
    const { state } = this.door;
    const [text, tooltip] = {
      open: [`$(server-process) ${running}`, this.openText(running)],
      starting: ['$(server-process) …', vscode.l10n.t('The exec-server is starting.')],
      off: [
        `$(server-process) ${vscode.l10n.t('off')}`,
        vscode.l10n.t('The exec-server is off: no agent can connect.'),
      ],
      untrusted: [
        `$(server-process) ${vscode.l10n.t('not trusted')}`,
        vscode.l10n.t('The workspace is not trusted, so the exec-server stays off.'),
      ],
      failed: [
        `$(server-process) ${vscode.l10n.t('failed')}`,
        vscode.l10n.t('The exec-server did not start. The log says why.'),
      ],
    }[state] as [string, string];
    if (this.item.text === text && this.item.tooltip === tooltip) return;
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = {
      label: `${vscode.l10n.t('Exec Server')}: ${tooltip}`,
      role: 'button',
    };
    this.item.backgroundColor =
      state === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
  }

  private openText(running: number): string {
    const clients = this.door.clients.filter(({ connected }) => connected).length;
    return vscode.l10n.t({
      message: 'Agents can connect. Commands running: {0}. Agents connected: {1}.',
      args: [running, clients],
      comment: ['Tooltip of the status bar entry'],
    });
  }
}
