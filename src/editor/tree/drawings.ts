import { EventEmitter, type Disposable } from 'vscode';

/** Nobody tells that the box was closed by the mouse, or that the keyboard has left it. In ms. */
const PATIENCE_MS = 20_000;

/**
 * Tells the editor which rows to draw anew. Behind each drawing it puts the keyboard into the list, also out of the box
 * that finds rows: so what is to be drawn waits while a person types there.
 */
export class Drawings<Node> implements Disposable {
  private readonly emitter = new EventEmitter<Node[] | undefined>();
  readonly onDidChange = this.emitter.event;
  private readonly waiting = new Set<Node>();
  private areAllWaiting = false;
  private patience: NodeJS.Timeout | undefined;

  /** @param nodes undefined for all */
  readonly draw = (nodes: Node[] | undefined): void => {
    if (!this.patience) this.emitter.fire(nodes);
    else if (!nodes) this.areAllWaiting = true;
    else for (const node of nodes) this.waiting.add(node);
  };

  /** Draws nothing until `release`, or for 20 s. */
  hold(): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.release(), PATIENCE_MS);
  }

  /** Draws what was held. */
  release(): void {
    if (!this.patience) return;
    clearTimeout(this.patience);
    this.patience = undefined;
    const nodes = this.areAllWaiting ? undefined : [...this.waiting];
    this.areAllWaiting = false;
    this.waiting.clear();
    if (!nodes || nodes.length) this.emitter.fire(nodes);
  }

  dispose(): void {
    clearTimeout(this.patience);
    this.emitter.dispose();
  }
}
