import * as vscode from 'vscode';
import type { ManagedProcess, ProcessTable } from '../../environment/index';
import { Redraw } from '../redraw';
import { standing } from './describe';
import { factsOf } from './facts';
import type { ProcessTree } from './processTree';
import { ProcessNode, type Node } from './rows';

export const VIEW_ID = 'execServer.processes';
const ANY_RUNNING = 'execServer.anyRunning';
/** Elapsed times change once a second. */
const TICK_MS = 1000;

/** The view around the tree: what is selected, what nobody has seen yet, and the clock while it is looked at. */
export class ProcessView implements vscode.Disposable {
  private readonly view: vscode.TreeView<Node>;
  private readonly unseen = new Set<string>();
  /** Whose end has been looked at already; later changes of them are no news. */
  private readonly judged = new WeakSet<ManagedProcess>();
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly contexts = new Map<string, boolean>();
  private readonly context = new Redraw(() => this.refreshContext());
  private clock: NodeJS.Timeout | undefined;

  constructor(
    private readonly table: ProcessTable,
    private readonly tree: ProcessTree,
  ) {
    this.view = vscode.window.createTreeView(VIEW_ID, {
      treeDataProvider: tree,
      canSelectMany: true,
    });
    this.subscriptions.push(
      this.view,
      this.view.onDidChangeVisibility(() => this.visibilityChanged()),
    );
    table.on('added', this.started);
    table.on('changed', this.changed);
    table.on('removed', this.removed);
    this.refreshContext();
  }

  dispose(): void {
    clearInterval(this.clock);
    this.context.dispose();
    this.table.off('added', this.started);
    this.table.off('changed', this.changed);
    this.table.off('removed', this.removed);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** What a keyboard command works on. */
  selectedProcesses(): ManagedProcess[] {
    return this.view.selection.flatMap((node) => (node instanceof ProcessNode ? node.process : []));
  }

  /** A person has looked at it in another place. */
  seen(process: ManagedProcess): void {
    if (this.unseen.delete(process.key)) this.showBadge();
  }

  private readonly started = (): void => {
    // At once, so that the commands for it are there; that there is none again can wait.
    this.setContext(ANY_RUNNING, true);
    this.context.ask();
    this.setClock();
  };

  private readonly changed = (process: ManagedProcess): void => {
    if (process.closed) this.context.ask();
    if (process.state === 'running' || this.judged.has(process)) return;
    this.judged.add(process);
    const stand = standing(factsOf(process));
    if ((stand === 'failed' || stand === 'lost') && !this.view.visible) {
      this.unseen.add(process.key);
      this.showBadge();
    }
  };

  private readonly removed = (process: ManagedProcess): void => {
    this.seen(process);
    this.context.ask();
  };

  private visibilityChanged(): void {
    if (this.view.visible) {
      this.unseen.clear();
      this.showBadge();
    }
    this.setClock();
  }

  private showBadge(): void {
    const value = this.unseen.size;
    const tooltip =
      value === 1 ? vscode.l10n.t('1 command failed') : vscode.l10n.t('{0} commands failed', value);
    this.view.badge = value ? { value, tooltip } : undefined;
  }

  private refreshContext(): void {
    const processes = this.table.list();
    const running = processes.filter(({ closed }) => !closed).length;
    this.setContext(ANY_RUNNING, running > 0);
    this.setContext('execServer.anyFinished', processes.length > running);
  }

  private setContext(key: string, value: boolean): void {
    if (this.contexts.get(key) === value) return;
    this.contexts.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }

  /** Ticks only while someone looks and something runs. */
  private setClock(): void {
    const running = (): ManagedProcess[] => this.table.list().filter(({ state }) => state === 'running');
    if (!this.view.visible || !running().length) {
      clearInterval(this.clock);
      this.clock = undefined;
      return;
    }
    this.clock ??= setInterval(() => {
      running().forEach(this.tree.aged);
      if (!running().length) this.setClock();
    }, TICK_MS);
  }
}
