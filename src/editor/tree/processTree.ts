import * as vscode from 'vscode';
import type { ManagedProcess, ProcessTable } from '../../environment/index';
import { Redraw } from '../redraw';
import { oneLine } from '../text/clean';
import { groupRows, type ClientRow, type KnownClient } from './groups';
import {
  ClientNode,
  clientItem,
  processItem,
  ProcessNode,
  processTooltip,
  type Node,
  type Places,
  type PlaceStatus,
} from './rows';

/** A row that is drawn anew loses its tooltip: time stands still for so long in one whose tooltip was asked for. */
const READING_MS = 10_000;

/** The rows: clients, and below them what they started. Nodes keep their identity as long as they live. */
export class ProcessTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changeEmitter = new vscode.EventEmitter<Node[] | undefined>();
  readonly onDidChangeTreeData = this.changeEmitter.event;
  private readonly clients = new Map<string, ClientNode>();
  private readonly nodes = new Map<string, ProcessNode>();
  private readonly dirty = new Set<string>();
  private structureChanged = true;
  private readonly redraw = new Redraw(() => this.flush());

  constructor(
    private readonly table: ProcessTable,
    private readonly knownClients: () => readonly KnownClient[],
    private readonly places: Places,
  ) {
    table.on('added', this.structure);
    table.on('removed', this.structure);
    table.on('changed', this.changed);
  }

  dispose(): void {
    this.redraw.dispose();
    this.table.off('added', this.structure);
    this.table.off('removed', this.structure);
    this.table.off('changed', this.changed);
    this.changeEmitter.dispose();
  }

  /** Who is there has changed. */
  readonly structure = (): void => {
    this.structureChanged = true;
    this.redraw.ask();
  };

  /** Only its age has changed. */
  readonly aged = (process: ManagedProcess): void => {
    if ((this.nodes.get(process.key)?.readUntil ?? 0) < performance.now()) this.changed(process);
  };

  /** A process has changed. */
  readonly changed = (process: ManagedProcess): void => {
    this.dirty.add(process.key);
    this.redraw.ask();
  };

  getTreeItem(node: Node): vscode.TreeItem {
    return node instanceof ClientNode ? clientItem(node) : processItem(node, Date.now());
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    if (node instanceof ProcessNode) {
      item.tooltip = processTooltip(node.process);
      node.readUntil = performance.now() + READING_MS;
    }
    return item;
  }

  getParent(node: Node): Node | undefined {
    return node instanceof ProcessNode ? node.parent : undefined;
  }

  getChildren(node?: Node): Node[] {
    if (node instanceof ProcessNode) return [];
    if (node) return node.row.processes.map((process) => this.processNode(process, node));
    this.regroup();
    return [...this.clients.values()];
  }

  private processNode(process: ManagedProcess, parent: ClientNode): ProcessNode {
    const node = this.nodes.get(process.key) ?? new ProcessNode(process, parent);
    node.parent = parent;
    this.nodes.set(process.key, node);
    return node;
  }

  /** Brings the nodes in line with the table; returns the clients with other rows, or nothing when all may differ. */
  private regroup(): ClientNode[] | undefined {
    const processes = this.table.list();
    const rows = groupRows(processes, this.knownClients());
    const before = new Map(this.clients);
    const sameClients =
      rows.length === before.size && [...before.keys()].every((id, at) => id === rows[at]?.id);
    const altered: ClientNode[] = [];
    this.clients.clear();
    for (const row of rows) {
      const node = before.get(row.id) ?? new ClientNode(row);
      const place = this.placeOf(row);
      if (!sameRow(node.row, row) || !samePlace(node.place, place)) altered.push(node);
      node.row = row;
      node.place = place;
      this.clients.set(row.id, node);
    }
    const alive = new Set(processes.map(({ key }) => key));
    for (const key of this.nodes.keys()) if (!alive.has(key)) this.nodes.delete(key);
    return sameClients ? altered : undefined;
  }

  private placeOf({ place }: ClientRow<ManagedProcess>): PlaceStatus | undefined {
    return place === null
      ? undefined
      : { away: this.places.away(place), text: oneLine(this.places.status(place)) };
  }

  private flush(): void {
    const nodes = [...this.dirty].flatMap((key) => this.nodes.get(key) ?? []);
    this.dirty.clear();
    const altered = this.structureChanged ? this.regroup() : [];
    this.structureChanged = false;
    if (!altered) this.changeEmitter.fire(undefined);
    else {
      const all = new Set<Node>([...altered, ...busyChanges(nodes), ...nodes]);
      if (all.size) this.changeEmitter.fire([...all]);
    }
  }
}

function sameRow(a: ClientRow<ManagedProcess>, b: ClientRow<ManagedProcess>): boolean {
  return (
    a.connected === b.connected &&
    a.processes.length === b.processes.length &&
    a.processes.every((process, at) => process === b.processes[at])
  );
}

function samePlace(a: PlaceStatus | undefined, b: PlaceStatus | undefined): boolean {
  return a?.away === b?.away && a?.text === b?.text;
}

/**
 * A client's own row says whether something of it runs. It is drawn anew only when that changes: while the
 * editor asks for its rows again, a click on one of them finds nothing.
 */
function busyChanges(nodes: readonly ProcessNode[]): ClientNode[] {
  return [...new Set(nodes.map(({ parent }) => parent))].filter((client) => client.busy !== client.shownBusy);
}
