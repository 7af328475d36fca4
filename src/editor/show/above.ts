import type { TreeView } from 'vscode';
import { plain } from '../text/plain';

/** How many need a human, as a number at the view's icon; none is no number. */
export function showBadge(view: TreeView<unknown>, value: number, tooltip: string): void {
  view.badge = value ? { value, tooltip: plain(tooltip) } : undefined;
}

/** Says something above the rows of a view; nothing if it is empty. */
export function showAbove(view: TreeView<unknown>, text: string): void {
  view.message = plain(text);
}
