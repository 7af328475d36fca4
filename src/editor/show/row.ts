import * as vscode from 'vscode';
import { plain } from '../text/plain';
import { fade } from './faded';

/** A row of a tree, in words that may be those of others. */
export interface Row {
  readonly id?: string;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly color?: string | undefined;
  /** Whether what it stands for is out of reach. */
  readonly faded?: boolean | undefined;
  /** The `contextValue` that menus go by. */
  readonly context: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** A line; longer ones are a `Tooltip`. */
  readonly tooltip?: string;
  /** How a row with rows below it is when it comes. */
  readonly folding?: 'expanded' | 'collapsed';
}

/** A row as the editor takes it, in which nothing is live. */
export type ShownItem = vscode.TreeItem & { readonly isShownItem: true };

/** Rows of a view. */
export interface Rows<Node> extends vscode.TreeDataProvider<Node> {
  getTreeItem(node: Node): ShownItem;
  resolveTreeItem(item: ShownItem, node: Node): ShownItem | Promise<ShownItem>;
}

export function treeItem(row: Row): ShownItem {
  const { id, label, description, icon, color, context, spoken, tooltip, folding, faded } = row;
  const item = new vscode.TreeItem(plain(label), stateOf(folding));
  if (id !== undefined) item.id = id;
  item.description = plain(description);
  item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
  item.contextValue = context;
  item.accessibilityInformation = { label: plain(spoken) };
  if (tooltip !== undefined) item.tooltip = plain(tooltip);
  if (faded) fade(item);
  return item as ShownItem;
}

/** The view of this id, which the manifest has. */
export function showRows<Node>(
  id: string,
  rows: Rows<Node>,
  options: Omit<vscode.TreeViewOptions<Node>, 'treeDataProvider'> = {},
): vscode.TreeView<Node> {
  return vscode.window.createTreeView(id, { ...options, treeDataProvider: rows });
}

function stateOf(folding: Row['folding']): vscode.TreeItemCollapsibleState {
  const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
  if (folding === undefined) return None;
  return folding === 'expanded' ? Expanded : Collapsed;
}
