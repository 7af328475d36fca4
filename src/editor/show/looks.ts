import type { ShownItem } from './row';

/** How rows looked when they were drawn last, so that none is drawn anew that would look the same. */
export class Looks<Node extends object> {
  private readonly drawn = new WeakMap<Node, string>();

  /** @param itemOf what the row would look like now */
  constructor(private readonly itemOf: (node: Node) => ShownItem) {}

  /** The row as it is now, which the editor is about to draw. */
  draw(node: Node): ShownItem {
    const item = this.itemOf(node);
    this.drawn.set(node, lookOf(item));
    return item;
  }

  /** Whether the row is drawn and would look different by now. */
  differs(node: Node): boolean {
    const before = this.drawn.get(node);
    return before !== undefined && before !== lookOf(this.itemOf(node));
  }
}

/** All that the editor shows of a row, or chooses its commands by; not the tooltip that is made when it is looked at. */
function lookOf({
  label,
  description,
  iconPath,
  contextValue,
  accessibilityInformation,
  tooltip,
  collapsibleState,
}: ShownItem): string {
  return JSON.stringify([
    label,
    description,
    iconPath,
    contextValue,
    accessibilityInformation,
    tooltip,
    collapsibleState,
  ]);
}
