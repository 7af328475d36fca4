import * as vscode from 'vscode';
import { homedir } from 'node:os';
import { oneLine } from '../text/clean';
import {
  environmentContext,
  environmentDescription,
  FAULTY_CONTEXT,
  formatLatency,
  STATE_ICONS,
} from './describe';
import { LOCAL_ID, type FaultyEntry } from './entries';
import type { Environments } from './environments';
import { addressOf } from './address';
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
export class EnvironmentTree implements vscode.TreeDataProvider<PlaceNode>, vscode.Disposable {
  private readonly changeEmitter = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changeEmitter.event;
  private readonly nodes = new Map<string, EnvironmentNode>();
  private readonly redraw = new Redraw(() => this.drawChanged());
  /** What is shown, so that nothing is drawn anew that looks the same: a click there would find nothing. */
  private shown = '';

  constructor(private readonly environments: Environments) {
    environments.on('changed', this.redraw.ask);
  }

  dispose(): void {
    this.redraw.dispose();
    this.environments.off('changed', this.redraw.ask);
    this.changeEmitter.dispose();
  }

  getChildren(node?: PlaceNode): PlaceNode[] {
    if (node) return [];
    const { good, faulty } = this.environments.entries;
    if (good.length + faulty.length === 0) return [];
    return [
      ...[LOCAL_ID, ...good.map(({ id }) => id)].map((id) => this.node(id)),
      ...faulty.map((entry) => new FaultyNode(entry)),
    ];
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem(node: PlaceNode): vscode.TreeItem {
    return node instanceof FaultyNode ? faultyItem(node) : this.item(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: PlaceNode): vscode.TreeItem {
    if (node instanceof EnvironmentNode) item.tooltip = this.tooltip(node.id);
    return item;
  }

  node(id: string): EnvironmentNode {
    const node = this.nodes.get(id) ?? new EnvironmentNode(id);
    this.nodes.set(id, node);
    return node;
  }

  private item({ id }: EnvironmentNode): vscode.TreeItem {
    const facts = this.environments.facts(id);
    const label = id === LOCAL_ID ? vscode.l10n.t('This machine') : id;
    const description = environmentDescription(facts, ENVIRONMENT_WORDS);
    const [icon, color] = id === LOCAL_ID ? ['device-desktop', undefined] : STATE_ICONS[facts.state];
    const item = new vscode.TreeItem(label);
    item.id = `environment:${id}`;
    item.description = description;
    item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
    item.contextValue = environmentContext(facts);
    const problem = oneLine(this.environments.environment(id)?.problem ?? '');
    item.accessibilityInformation = { label: [label, description, problem].filter(Boolean).join(', ') };
    return item;
  }

  /** Made when it is looked at. Everything that comes from outside is shown as plain text. */
  private tooltip(id: string): vscode.MarkdownString {
    const { state, latencyMs, shell, os, running, kind } = this.environments.facts(id);
    const environment = this.environments.environment(id);
    const entry = this.environments.entry(id);
    const tooltip = new vscode.MarkdownString();
    const line = (name: string, value: string | undefined): void => {
      if (value) tooltip.appendMarkdown(`**${name}** `).appendText(oneLine(value)).appendMarkdown('  \n');
    };
    if (kind !== 'local') line(vscode.l10n.t('State'), ENVIRONMENT_WORDS.state[state]);
    line(vscode.l10n.t('Problem'), environment?.problem);
    line(kind === 'command' ? vscode.l10n.t('Command') : vscode.l10n.t('URL'), entry && addressOf(entry));
    line(vscode.l10n.t('Answers in'), latencyMs === undefined ? undefined : formatLatency(latencyMs));
    line(vscode.l10n.t('Shell'), environment?.info?.shell.path ?? shell);
    line(vscode.l10n.t('System'), os);
    line(vscode.l10n.t('Folder'), entry ? environment?.info && this.environments.folder(id) : homedir());
    line(vscode.l10n.t('Running'), String(running));
    return tooltip;
  }

  private drawChanged(): void {
    const items = this.getChildren().map((node) => {
      const { id, description, contextValue, accessibilityInformation } = this.getTreeItem(node);
      // The last one has all that the row says, and the problem, which its tooltip shows.
      return [id, description, contextValue, accessibilityInformation?.label];
    });
    const now = JSON.stringify(items);
    if (now === this.shown) return;
    this.shown = now;
    this.changeEmitter.fire(undefined);
  }
}

function faultyItem({ entry }: FaultyNode): vscode.TreeItem {
  const item = new vscode.TreeItem(oneLine(entry.name) || vscode.l10n.t('Settings'));
  item.description = faultText(entry.fault);
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.contextValue = FAULTY_CONTEXT;
  item.tooltip = faultSentence(entry);
  item.accessibilityInformation = { label: faultSentence(entry) };
  return item;
}
