import * as vscode from 'vscode';
import type { Environments } from '../../hub';
import { showRows } from '../show/row';
import type { EnvironmentTree, PlaceNode } from './environmentTree';

export const ENVIRONMENTS_VIEW_ID = 'execServer.environments';
/** How often connected environments are asked how fast they answer, while somebody looks. */
const MEASURE_EVERY_MS = 10_000;

/** The view around the rows: context keys, and the measuring while it is looked at. */
export class EnvironmentView implements vscode.Disposable {
  private readonly view: vscode.TreeView<PlaceNode>;
  private readonly subscription: vscode.Disposable;
  private clock: NodeJS.Timeout | undefined;

  constructor(
    private readonly environments: Environments,
    private readonly tree: EnvironmentTree,
  ) {
    this.view = showRows(ENVIRONMENTS_VIEW_ID, tree);
    this.subscription = this.view.onDidChangeVisibility(() => this.setClock());
    environments.on('changed', this.changed);
    this.setClock();
    this.changed();
  }

  dispose(): void {
    clearInterval(this.clock);
    this.environments.off('changed', this.changed);
    this.subscription.dispose();
    this.view.dispose();
  }

  /** Shows the row of what a person has just attached; the focus stays where it is. */
  async show(id: string): Promise<void> {
    await this.view.reveal(this.tree.node(id), { select: true, focus: false });
  }

  private setClock(): void {
    clearInterval(this.clock);
    this.clock = undefined;
    if (!this.view.visible) return;
    void this.environments.measureAll();
    this.clock = setInterval(() => void this.environments.measureAll(), MEASURE_EVERY_MS);
  }

  private readonly changed = (): void => {
    const any = this.environments.entries.good.length > 0;
    void vscode.commands.executeCommand('setContext', 'execServer.anyEnvironment', any);
  };
}
