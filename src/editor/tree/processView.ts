import * as vscode from 'vscode';
import type { ManagedProcess, ProcessTable } from '../../environment';
import { showAbove, showBadge } from '../show/above';
import { registerCommands } from '../show/commands';
import { fadedRows } from '../show/faded';
import { showRows } from '../show/row';
import type { Needed } from '../needs/needed';
import { needCount } from '../needs/words';
import { passes } from './filter';
import { Redraw } from '../redraw';
import type { ProcessTreeProvider } from './processTreeProvider';
import type { ViewOptions } from './viewOptions';
import { shownBy, type Node } from './nodes';

export const VIEW_ID = 'execServer.processes';
const ANY_RUNNING = 'execServer.anyRunning';
const ANY_ASKS = 'execServer.anyAsks';

/** The view around the tree: what is selected, and how many need a human. */
export class ProcessView implements vscode.Disposable {
  private readonly view: vscode.TreeView<Node>;
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly contexts = new Map<string, boolean>();
  private hasEarlier = false;
  private readonly context = new Redraw(() => this.refreshContext());

  constructor(
    private readonly table: ProcessTable,
    tree: ProcessTreeProvider,
    private readonly options: ViewOptions,
    private readonly needed: Needed,
  ) {
    this.view = showRows(VIEW_ID, tree, { canSelectMany: true, showCollapseAll: true });
    this.subscriptions.push(
      this.view,
      fadedRows(),
      options.onDidChange(() => this.showFilter()),
      this.view.onDidChangeVisibility(({ visible }) => tree.members.seen(visible)),
      this.view.onDidExpandElement(({ element }) => tree.members.unfold(element)),
      this.view.onDidCollapseElement(({ element }) => tree.members.fold(element)),
      this.view.onDidChangeSelection(() => {
        tree.select(this.selectedProcesses());
        tree.drawings.release();
      }),
      // Run by the keys that open and close the box that finds rows.
      ...registerCommands({
        '_execServer.finding': () => {
          tree.drawings.hold();
        },
        '_execServer.found': () => {
          tree.drawings.release();
        },
        // A key that selects a row first folds or unfolds one that opens nothing: that is undone.
        '_execServer.refold': async () => {
          const [row] = this.selection;
          if (row && !shownBy(row)) await vscode.commands.executeCommand('list.toggleExpand');
        },
      }),
    );
    table.on('added', this.started);
    table.on('changed', this.changed);
    table.on('removed', this.context.schedule);
    needed.on('changed', this.showBadge);
    tree.members.seen(this.view.visible);
    this.refreshContext();
    this.showFilter();
  }

  dispose(): void {
    this.context.dispose();
    this.table.off('added', this.started);
    this.table.off('changed', this.changed);
    this.table.off('removed', this.context.schedule);
    this.needed.off('changed', this.showBadge);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** What a keyboard command works on. */
  get selection(): readonly Node[] {
    return this.view.selection;
  }

  /** The commands among it. */
  selectedProcesses(): ManagedProcess[] {
    return this.selection.flatMap((node) => shownBy(node) ?? []);
  }

  /** Whether a person can see the rows. */
  get visible(): boolean {
    return this.view.visible;
  }

  /** Calls `listener` whenever a person comes to see the rows; returns the way to stop. */
  onDidShow(listener: () => void): vscode.Disposable {
    return this.view.onDidChangeVisibility(({ visible }) => {
      if (visible) listener();
    });
  }

  private readonly started = (): void => {
    // At once, so that the commands for it are there; that there is none again can wait.
    this.setContext(ANY_RUNNING, true);
    this.context.schedule();
  };

  private readonly changed = (process: ManagedProcess): void => {
    if (process.closed) this.context.schedule();
  };

  /** Only what a human is needed for: whatever else is counted takes away from that. */
  private readonly showBadge = (): void => {
    const value = this.needed.list().length;
    showBadge(this.view, value, needCount(value));
    this.setContext(ANY_ASKS, this.needed.isAny);
    this.showFilter();
  };

  /** Says above the rows that not all of them are there. */
  private showFilter(): void {
    const { filter, isFiltered } = this.options;
    const hidden = this.needed.list().filter(({ process }) => !passes(process, filter)).length;
    const { l10n } = vscode;
    const only = {
      all: '',
      running: l10n.t('only what runs'),
      failed: l10n.t('only what failed'),
    }[filter.only];
    const text = filter.text && `"${filter.text}"`;
    const looked = [text, only].filter(Boolean).join(', ');
    const parts = hidden
      ? l10n.t({
          message: '{0} (not shown: {1})',
          args: [looked, needCount(hidden)],
          comment: ['{0} is what is looked for, {1} like "1 command needs you"'],
        })
      : looked;
    showAbove(
      this.view,
      isFiltered
        ? l10n.t({ message: 'Filter: {0}', args: [parts], comment: ['{0} is what is looked for'] })
        : '',
    );
  }

  /** What earlier windows ran is shown, or is not any more. */
  earlierShown(isShown: boolean): void {
    this.hasEarlier = isShown;
    this.context.schedule();
  }

  private refreshContext(): void {
    const processes = this.table.list();
    const running = processes.filter(({ closed }) => !closed).length;
    this.setContext(ANY_RUNNING, running > 0);
    this.setContext('execServer.anyFinished', processes.length > running || this.hasEarlier);
  }

  private setContext(key: string, value: boolean): void {
    if (this.contexts.get(key) === value) return;
    this.contexts.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
