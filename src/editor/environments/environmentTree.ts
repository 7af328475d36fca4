import * as vscode from 'vscode';
import { homedir } from 'node:os';
import { LOCAL_ENVIRONMENT_ID } from '../../environment';
import type { Environments, FaultyEntry } from '../../hub';
import { treeItem, type Rows, type ShownItem } from '../show/row';
import { Tooltip } from '../show/tooltip';
import { oneLine } from '../text/clean';
import {
  environmentContext,
  environmentDescription,
  FAULTY_CONTEXT,
  formatLatency,
  STATE_ICONS,
} from './describe';
import { environmentViewModel } from './viewModel';
import { addressOf } from './address';
import { Looks } from '../show/looks';
import { Redraw } from '../redraw';
import { ENVIRONMENT_WORDS, faultSentence, faultText } from './words';

export class EnvironmentNode {
  constructor(readonly id: string) {}
}

export class FaultyNode {
  constructor(readonly entry: FaultyEntry) {}
}

export type PlaceNode = EnvironmentNode | FaultyNode;

/** The rows: this machine and the others, and entries that can't be used. Empty when there is only this machine. */
export class EnvironmentTree implements Rows<PlaceNode>, vscode.Disposable {
  private readonly changeEmitter = new vscode.EventEmitter<PlaceNode[] | undefined>();
  readonly onDidChangeTreeData = this.changeEmitter.event;
  private readonly nodes = new Map<string, EnvironmentNode>();
  private readonly redraw = new Redraw(() => this.drawChanged());
  private readonly looks = new Looks<PlaceNode>((node) =>
    node instanceof FaultyNode ? faultyItem(node) : this.item(node),
  );
  /** Which rows are shown. */
  private shown = '';

  constructor(private readonly environments: Environments) {
    environments.on('changed', this.redraw.schedule);
  }

  dispose(): void {
    this.redraw.dispose();
    this.environments.off('changed', this.redraw.schedule);
    this.changeEmitter.dispose();
  }

  getChildren(node?: PlaceNode): PlaceNode[] {
    if (node) return [];
    const { good, faulty } = this.environments.entries;
    if (good.length + faulty.length === 0) return [];
    return [
      ...[LOCAL_ENVIRONMENT_ID, ...good.map(({ id }) => id)].map((id) => this.node(id)),
      ...faulty.map((entry) => new FaultyNode(entry)),
    ];
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem(node: PlaceNode): ShownItem {
    return this.looks.draw(node);
  }

  resolveTreeItem(item: ShownItem, node: PlaceNode): ShownItem {
    return node instanceof EnvironmentNode ? this.tooltip(node.id).show(item) : item;
  }

  node(id: string): EnvironmentNode {
    const node = this.nodes.get(id) ?? new EnvironmentNode(id);
    this.nodes.set(id, node);
    return node;
  }

  private item({ id }: EnvironmentNode): ShownItem {
    const model = environmentViewModel(this.environments, id);
    const label = id === LOCAL_ENVIRONMENT_ID ? vscode.l10n.t('This machine') : id;
    const description = environmentDescription(model, ENVIRONMENT_WORDS);
    const [icon, color] =
      id === LOCAL_ENVIRONMENT_ID ? ['device-desktop', undefined] : STATE_ICONS[model.state];
    const problem = this.environments.environment(id)?.problem ?? '';
    return treeItem({
      id: `environment:${id}`,
      label,
      description,
      icon,
      color,
      context: environmentContext(model),
      spoken: [label, description, problem].filter(Boolean).join(', '),
    });
  }

  /** Made when it is looked at. */
  private tooltip(id: string): Tooltip {
    const { state, latencyMs, shell, os, running, kind } = environmentViewModel(this.environments, id);
    const environment = this.environments.environment(id);
    const entry = this.environments.entry(id);
    const { l10n } = vscode;
    return new Tooltip()
      .line(l10n.t('State'), kind === 'local' ? undefined : ENVIRONMENT_WORDS.state[state])
      .line(l10n.t('Problem'), environment?.problem)
      .line(kind === 'command' ? l10n.t('Command') : l10n.t('URL'), entry && addressOf(entry))
      .line(l10n.t('Answers in'), latencyMs === undefined ? undefined : formatLatency(latencyMs))
      .line(l10n.t('Shell'), environment?.info?.shell.path ?? shell)
      .line(l10n.t('System'), os)
      .line(l10n.t('Folder'), entry ? environment?.info && this.environments.folder(id) : homedir())
      .line(l10n.t('Running'), String(running));
  }

  /** Only the rows that look different by now. */
  private drawChanged(): void {
    const nodes = this.getChildren();
    const now = JSON.stringify(nodes.map((node) => (node instanceof FaultyNode ? node.entry : node.id)));
    if (now !== this.shown) {
      this.shown = now;
      return this.changeEmitter.fire(undefined);
    }
    const altered = nodes.filter((node) => this.looks.differs(node));
    if (altered.length) this.changeEmitter.fire(altered);
  }
}

function faultyItem({ entry }: FaultyNode): ShownItem {
  const sentence = faultSentence(entry);
  return treeItem({
    label: oneLine(entry.name) || vscode.l10n.t('Settings'),
    description: faultText(entry.fault),
    icon: 'warning',
    color: 'list.warningForeground',
    context: FAULTY_CONTEXT,
    tooltip: sentence,
    spoken: sentence,
  });
}
