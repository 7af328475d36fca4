import * as vscode from 'vscode';
import type { ManagedProcess } from '../../environment/index';
import { fenced, oneLine, shorten } from '../text/clean';
import { formatBytes } from '../text/amounts';
import { commandLabel, copyableCommand } from '../text/commandLabel';
import { clientStatus, ROW_WORDS } from '../words';
import {
  clientContext,
  clientLabel,
  processContext,
  rowDescription,
  standing,
  STANDING_ICONS,
  unusual,
} from './describe';
import { factsOf } from './facts';
import type { ClientRow } from './groups';

const SESSION_CHARACTERS = 6;
const NAME_CHARACTERS = 60;
/** More would push how it stands out of sight; the tooltip has the rest. */
const LABEL_CHARACTERS = 24;
/** A tooltip is not the place to read a long script. */
const TOOLTIP_CHARACTERS = 2000;

/** How the environments stand in which processes run, for their rows. */
export interface Places {
  /** Whether it is not connected and does not try to be. */
  away(place: string): boolean;
  /** Its name, and how it stands if that is worth a word: `box`, `box · lost`. */
  status(place: string): string;
}

/** What a row says of its environment. */
export interface PlaceStatus {
  readonly away: boolean;
  readonly text: string;
}

export class ClientNode {
  /** As it was shown last. */
  shownBusy = false;
  /** Undefined for what runs on this machine. */
  place: PlaceStatus | undefined;

  constructor(public row: ClientRow<ManagedProcess>) {}

  get busy(): boolean {
    return this.row.processes.some(({ closed }) => !closed);
  }

  get id(): string {
    return this.row.id;
  }
}

export class ProcessNode {
  /** Someone may read its tooltip until then, on the clock of `performance`. */
  readUntil = 0;

  constructor(
    readonly process: ManagedProcess,
    public parent: ClientNode,
  ) {}
}

export type Node = ClientNode | ProcessNode;

export function clientName(name: string): string {
  return shorten(oneLine(clientLabel(name)), NAME_CHARACTERS) || '?';
}

export function clientItem(node: ClientNode): vscode.TreeItem {
  const { row, busy } = node;
  node.shownBusy = busy;
  const label = clientName(row.name);
  const client = clientStatus(
    row.connected ?? true,
    row.connected === undefined,
    row.id.slice(0, SESSION_CHARACTERS),
  );
  const away = node.place?.away ?? false;
  const spoken = dialects(row);
  const parts = [node.place?.text, client].filter(Boolean);
  const status = [...parts, unusual(spoken).join(', ')].filter(Boolean).join(' · ');
  const item = new vscode.TreeItem(
    label,
    // Also without rows: what is collapsed then would stay so when they come.
    vscode.TreeItemCollapsibleState.Expanded,
  );
  item.id = `client:${row.id}`;
  item.description = status;
  const here = row.connected === false ? 'debug-disconnect' : 'hubot';
  const elsewhere = away ? 'debug-disconnect' : 'vm';
  item.iconPath = new vscode.ThemeIcon(node.place ? elsewhere : here);
  item.contextValue = clientContext(row.connected !== false, busy, away);
  item.tooltip = [label, ...parts, spoken.join(', ')].filter(Boolean).join(' · ');
  item.accessibilityInformation = { label: status ? `${label}, ${status}` : label };
  return item;
}

/** Those of its processes: a client may speak several. */
function dialects({ processes }: ClientRow<ManagedProcess>): string[] {
  return [...new Set(processes.flatMap(({ owner }) => owner.dialect ?? []))];
}

export function processItem(node: ProcessNode, now: number): vscode.TreeItem {
  const { process } = node;
  const facts = factsOf(process);
  const [icon, color] = STANDING_ICONS[standing(facts)];
  const label = commandLabel(process.spec.argv);
  const description = rowDescription(facts, now, ROW_WORDS);
  const item = new vscode.TreeItem(shorten(label, LABEL_CHARACTERS));
  item.id = `process:${process.key}`;
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
  item.contextValue = processContext(facts, node.parent.place?.away);
  item.command = {
    command: 'execServer.process.peek',
    title: vscode.l10n.t('Open Terminal'),
    arguments: [process.key],
  };
  item.accessibilityInformation = { label: spokenRow(process, label, description) };
  return item;
}

function spokenRow({ owner, place }: ManagedProcess, label: string, description: string): string {
  const by = clientName(owner.name);
  return place === null
    ? vscode.l10n.t({
        message: '{0}, {1}, started by {2}',
        args: [label, description, by],
        comment: ['{0} is a command, {1} how it stands, {2} who started it'],
      })
    : vscode.l10n.t({
        message: '{0}, {1}, in {2}, started by {3}',
        args: [label, description, place, by],
        comment: ['{0} is a command, {1} how it stands, {2} the machine it runs on, {3} who started it'],
      });
}

/** Made when it is looked at. Everything that comes from outside is shown as plain text. */
export function processTooltip(process: ManagedProcess): vscode.MarkdownString {
  const { spec, owner, totalBytes, droppedBytes, pid, place, problem } = process;
  const tooltip = new vscode.MarkdownString(fenced(shorten(copyableCommand(spec.argv), TOOLTIP_CHARACTERS)));
  tooltip.appendMarkdown('\n\n');
  const line = (name: string, value: string): void => {
    tooltip.appendMarkdown(`**${name}** `).appendText(oneLine(value)).appendMarkdown('  \n');
  };
  if (place !== null) line(vscode.l10n.t('Environment'), place);
  line(vscode.l10n.t('Folder'), spec.cwd);
  line(
    vscode.l10n.t('Started'),
    `${new Date(process.startedAt).toLocaleTimeString()} · ${clientName(owner.name)}`,
  );
  if (owner.dialect !== undefined) line(vscode.l10n.t('Protocol'), owner.dialect);
  line(
    vscode.l10n.t('Process'),
    // Another machine does not tell its numbers.
    [pid ?? '', spec.tty ? vscode.l10n.t('terminal') : vscode.l10n.t('pipes')].filter(Boolean).join(' · '),
  );
  const output = formatBytes(totalBytes);
  line(
    vscode.l10n.t('Output'),
    droppedBytes > 0
      ? vscode.l10n.t('{0}, the first {1} dropped', output, formatBytes(droppedBytes))
      : output,
  );
  if (problem !== null) line(vscode.l10n.t('Lost'), problem);
  if (process.stoppedBy) line(vscode.l10n.t('Stopped by'), stopper(process));
  return tooltip;
}

function stopper({ stoppedBy, owner }: ManagedProcess): string {
  if (stoppedBy === 'person') return vscode.l10n.t('a person');
  return stoppedBy === 'shutdown' ? vscode.l10n.t('the end of the server') : clientName(owner.name);
}
