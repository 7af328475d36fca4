import * as vscode from 'vscode';
import type { ProcessTable } from '../../environment';
import type { Needed } from '../needs/needed';
import { needCount } from '../needs/words';
import { Redraw } from '../redraw';
import { StatusItem } from '../show/statusItem';
import type { ServerLifecycle } from './serverLifecycle';

/** How many need a human, and whether the server runs. A click leads to them and to the connection. */
export class StatusBar implements vscode.Disposable {
  private readonly item = new StatusItem(
    'execServer.status',
    vscode.l10n.t('Exec Server'),
    'execServer.showMenu',
  );
  private readonly redraw = new Redraw(() => this.refresh());

  constructor(
    private readonly lifecycle: ServerLifecycle,
    private readonly table: ProcessTable,
    private readonly needed: Needed,
  ) {
    lifecycle.on('changed', this.redraw.schedule);
    lifecycle.on('clients', this.redraw.schedule);
    needed.on('changed', this.redraw.schedule);
    table.on('added', this.redraw.schedule);
    table.on('changed', this.redraw.schedule);
    this.refresh();
  }

  dispose(): void {
    this.redraw.dispose();
    this.lifecycle.off('changed', this.redraw.schedule);
    this.lifecycle.off('clients', this.redraw.schedule);
    this.needed.off('changed', this.redraw.schedule);
    this.table.off('added', this.redraw.schedule);
    this.table.off('changed', this.redraw.schedule);
    this.item.dispose();
  }

  private refresh(): void {
    const running = this.table.list().filter(({ state }) => state === 'running').length;
    const { state } = this.lifecycle;
    const [text, tooltip] = {
      open: [named(''), this.openText(running)],
      starting: [named('…'), vscode.l10n.t('The exec-server is starting.')],
      off: [named(vscode.l10n.t('off')), vscode.l10n.t('The exec-server is off: no agent can connect.')],
      untrusted: [
        named(vscode.l10n.t('not trusted')),
        vscode.l10n.t('The workspace is not trusted, so the exec-server stays off.'),
      ],
      failed: [
        named(vscode.l10n.t('failed')),
        vscode.l10n.t('The exec-server did not start. The log says why.'),
      ],
    }[state] as [string, string];
    const needs = this.needed.list().length;
    if (needs === 0) return this.item.show('server-process', text, tooltip, state === 'failed');
    this.item.show('bell-dot', needCount(needs), `${needCount(needs)}. ${tooltip}`, state === 'failed');
  }

  private openText(running: number): string {
    const clients = this.lifecycle.clients.filter(({ connected }) => connected).length;
    return vscode.l10n.t({
      message: 'Agents can connect. Commands running: {0}. Agents connected: {1}.',
      args: [running, clients],
      comment: ['Tooltip of the status bar entry'],
    });
  }
}

/** An icon and a number alone would say nothing of whose they are. */
function named(state: string): string {
  const name = vscode.l10n.t('Exec Server');
  return state === '' ? name : `${name}: ${state}`;
}
