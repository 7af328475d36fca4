import * as vscode from 'vscode';
import type { ManagedProcess, ProcessTable } from '../../environment';
import type { EarlierCommand } from '../../record';
import { Looks } from '../show/looks';
import type { Needed } from '../needs/needed';
import type { Rows, ShownItem } from '../show/row';
import { Redraw } from '../redraw';
import { oneLine } from '../text/clean';
import { arrange } from './arrange';
import { Drawings } from './drawings';
import { passes } from './filter';
import { groupByPlace, groupRows, type ClientRow, type KnownClient } from './groups';
import { Members } from './members';
import { OpenCommands } from './openCommands';
import {
  ClientNode,
  EarlierCommandNode,
  EarlierNode,
  FinishedNode,
  MemberNode,
  ProcessNode,
  RepeatNode,
  shownBy,
  type Node,
  type PlaceStatus,
} from './nodes';
import { rowItem, type Places } from './rows';
import { processTooltip } from './processTooltip';
import type { ViewOptions } from './viewOptions';

/** Rows that come or go make all rows of their client anew, and a button that is pressed meanwhile is let go on nothing. */
const STRUCTURE_REST_MS = 1000;

/** The rows: clients, and below them what they started. Nodes keep their identity as long as they live. */
export class ProcessTreeProvider implements Rows<Node>, vscode.Disposable {
  readonly drawings = new Drawings<Node>();
  readonly onDidChangeTreeData = this.drawings.onDidChange;
  private readonly clients = new Map<string, ClientNode>();
  private readonly earlier = new EarlierNode();
  private readonly rows = new Map<string, ProcessNode | RepeatNode>();
  private readonly openCommands: OpenCommands;
  private readonly looks: Looks<Node>;
  /** What is below the rows of commands. */
  readonly members = new Members(this.drawings.draw);
  /** What a person has selected. */
  private selected: ReadonlySet<ManagedProcess> = new Set();
  private readonly dirty = new Set<string>();
  /** Those that stand on top because they need a human. */
  private readonly onTop = new WeakSet<ManagedProcess>();
  private readonly optionsChanged: vscode.Disposable;
  private readonly redraw = new Redraw(() => this.drawDirty());
  private readonly redrawStructure = new Redraw(() => this.drawStructure(), STRUCTURE_REST_MS);

  constructor(
    private readonly table: ProcessTable,
    private readonly knownClients: () => readonly KnownClient[],
    private readonly places: Places,
    private readonly options: ViewOptions,
    private readonly needed: Needed,
    open: (process: ManagedProcess) => void,
  ) {
    this.openCommands = new OpenCommands(open);
    this.looks = new Looks((node) => rowItem(node, (process) => needed.isAttended(process)));
    needed.on('changed', this.asked);
    table.on('added', this.structure);
    table.on('removed', this.structure);
    table.on('changed', this.changed);
    this.regroup();
    this.optionsChanged = options.onDidChange(() => {
      this.regroup();
      this.drawings.draw(undefined);
      this.drawings.release();
    });
  }

  dispose(): void {
    this.optionsChanged.dispose();
    this.members.dispose();
    this.openCommands.dispose();
    this.redraw.dispose();
    this.redrawStructure.dispose();
    this.table.off('added', this.structure);
    this.table.off('removed', this.structure);
    this.table.off('changed', this.changed);
    this.needed.off('changed', this.asked);
    this.drawings.dispose();
  }

  /** What earlier windows ran is known, or is not to be shown any more. */
  showEarlier(commands: readonly EarlierCommand[]): void {
    if (commands.length === 0 && this.earlier.commands.length === 0) return;
    this.earlier.commands = commands.map((command) => new EarlierCommandNode(this.earlier, command));
    this.drawings.draw(undefined);
  }

  /** Who is there has changed. */
  readonly structure = (): void => this.redrawStructure.schedule();

  /** What is selected stays where it is when it ends: the next key is not to meet another row. */
  select(processes: readonly ManagedProcess[]): void {
    const before = this.selected;
    this.selected = new Set(processes);
    if ([...before].some((process) => process.closed && !this.selected.has(process))) this.structure();
  }

  private readonly changed = (process: ManagedProcess): void => {
    this.dirty.add(process.id);
    this.redraw.schedule();
    const needed = process.needsInput !== null;
    if (process.closed || needed !== this.onTop.has(process)) this.structure();
    if (needed) this.onTop.add(process);
    else this.onTop.delete(process);
  };

  /** A person has come to one that asks, or has left it. */
  private readonly asked = (): void => {
    for (const { id, needsInput } of this.table.list()) if (needsInput) this.dirty.add(id);
    this.redraw.schedule();
  };

  getTreeItem(node: Node): ShownItem {
    const item = this.looks.draw(node);
    const process = shownBy(node);
    if (process) item.command = this.openCommands.for(process);
    return item;
  }

  async resolveTreeItem(item: ShownItem, node: Node): Promise<ShownItem> {
    if (node instanceof ProcessNode) (await processTooltip(node.process)).show(item);
    if (node instanceof RepeatNode) (await processTooltip(node.processes[0])).show(item);
    return item;
  }

  getParent(node: Node): Node | undefined {
    if (node instanceof ClientNode || node instanceof EarlierNode) return undefined;
    if (node instanceof EarlierCommandNode) return node.parent;
    const parent = node instanceof FinishedNode ? node.client : node.parent;
    return parent instanceof ClientNode && parent.row.kind === 'none' ? undefined : parent;
  }

  getChildren(node?: Node): Node[] | Promise<Node[]> {
    if (!node) {
      const clients = [...this.clients.values()];
      const rows = clients.flatMap((client) => (client.row.kind === 'none' ? this.rowsOf(client) : client));
      // What is looked for is looked for among what is there.
      const hasEarlier = this.earlier.commands.length > 0 && !this.options.isFiltered;
      return hasEarlier ? [...rows, this.earlier] : rows;
    }
    if (node instanceof EarlierNode) return [...node.commands];
    if (node instanceof MemberNode || node instanceof EarlierCommandNode) return [];
    if (node instanceof ProcessNode) return Members.of(node) ? this.members.below(node) : [];
    if (node instanceof RepeatNode) return node.processes.map((process) => this.processNode(process, node));
    if (node instanceof FinishedNode) return node.repeats.map((repeats) => this.finishedNode(repeats, node));
    return this.rowsOf(node);
  }

  private rowsOf(node: ClientNode): Node[] {
    const { live, finished } = node.arrangement;
    const rows = live.map((process) => this.processNode(process, node));
    return finished.length ? [...rows, node.finished] : rows;
  }

  private finishedNode(
    repeats: FinishedNode['repeats'][number],
    parent: FinishedNode,
  ): ProcessNode | RepeatNode {
    if (repeats.length === 1) return this.processNode(repeats[0], parent);
    // The oldest of them names the row, for that one stays the same while others come.
    const id = `repeats:${repeats.at(-1)?.id ?? ''}`;
    const known = this.rows.get(id);
    const node = known instanceof RepeatNode ? known : new RepeatNode(id, parent, repeats);
    node.processes = repeats;
    this.rows.set(id, node);
    return node;
  }

  /** A row in another place is another row. */
  private processNode(process: ManagedProcess, parent: ProcessNode['parent']): ProcessNode {
    const place =
      parent instanceof ClientNode ? 'process' : parent instanceof FinishedNode ? 'finished' : 'one';
    const id = `${place}:${process.id}`;
    const known = this.rows.get(id);
    if (known instanceof ProcessNode && known.parent === parent) return known;
    const node = new ProcessNode(id, process, parent);
    this.rows.set(id, node);
    return node;
  }

  /** Brings the nodes in line with the table; returns those whose rows differ, or nothing when all may. */
  private regroup(): Node[] | undefined {
    const processes = this.table.list();
    const { filter, grouping } = this.options;
    const shown = processes.filter((process) => passes(process, filter));
    const all = grouping === 'agent' ? groupRows(shown, this.knownClients()) : groupByPlace(shown, grouping);
    // Who has nothing of what is looked for is in the way.
    const rows = this.options.isFiltered ? all.filter((row) => row.processes.length > 0) : all;
    const before = new Map(this.clients);
    const sameClients =
      rows.length === before.size && [...before.keys()].every((id, at) => id === rows[at]?.id);
    const altered: Node[] = [];
    this.clients.clear();
    for (const row of rows) {
      const node = before.get(row.id) ?? new ClientNode(row);
      altered.push(...this.update(node, row));
      this.clients.set(row.id, node);
    }
    this.forget(processes);
    // One list has no row above it that could be drawn anew.
    return sameClients && (grouping !== 'none' || !altered.length) ? altered : undefined;
  }

  private update(node: ClientNode, row: ClientRow<ManagedProcess>): Node[] {
    const [live, finished] = shapeOf(node);
    node.row = row;
    node.place = this.placeOf(row);
    node.finished.filtered = this.options.isFiltered;
    const shown = new Set(node.arrangement.live);
    node.arrangement = arrange(row.processes, (process) => this.selected.has(process) && shown.has(process));
    const [newLive, newFinished] = shapeOf(node);
    if (live !== newLive || this.looks.differs(node)) return [node];
    return finished === newFinished ? [] : [node.finished];
  }

  private forget(processes: readonly ManagedProcess[]): void {
    const alive = new Set(processes);
    this.openCommands.keep(alive);
    for (const [id, node] of this.rows) {
      const process = node instanceof ProcessNode ? node.process : node.processes.at(-1);
      if (!process || !alive.has(process)) this.rows.delete(id);
    }
  }

  private placeOf({ place }: ClientRow<ManagedProcess>): PlaceStatus | undefined {
    return place === null
      ? undefined
      : {
          away: this.places.away(place),
          silent: this.places.silent(place),
          text: oneLine(this.places.status(place)),
        };
  }

  /** The changed rows that look different by now, and no others. */
  private drawDirty(): void {
    const nodes = [...this.rows.values()].filter(
      (node): node is ProcessNode => node instanceof ProcessNode && this.dirty.has(node.process.id),
    );
    this.dirty.clear();
    const clients = new Set(nodes.map(({ client }) => client));
    const altered = [...clients, ...nodes].filter((node) => this.looks.differs(node));
    if (altered.length) this.drawings.draw(altered);
  }

  private drawStructure(): void {
    const altered = this.regroup();
    if (!altered || altered.length) this.drawings.draw(altered);
  }
}

/** Which rows a client has: among those that run, and in the fold. */
function shapeOf({ arrangement: { live, finished } }: ClientNode): [live: string, finished: string] {
  return [
    [...live.map(({ id }) => id), finished.length > 0].join(),
    finished.map((repeats) => repeats.map(({ id }) => id).join()).join(';'),
  ];
}
