import * as vscode from 'vscode';
import { isShownAgent } from '../../agents/shell/agentName';
import type { ManagedProcess } from '../../environment';
import { earlierItem, earlierRow } from '../history/earlierRows';
import { needCount } from '../needs/words';
import { isPersons } from '../person';
import { treeItem, type Row, type ShownItem } from '../show/row';
import { shortLine } from '../text/clean';
import { formatBytes } from '../text/amounts';
import { processLabel } from '../text/commandLabel';
import { essence } from '../text/essence';
import { folderName } from '../workspaceFolder';
import { clientStatus, sinceText } from './clientWords';
import { cpuText, finishedText, ROW_WORDS } from './rowWords';
import { clientContext, processContext } from './rowContext';
import { clientName } from './clientName';
import { rowDescription, rowMark, rowTime } from './describe';
import { rowIcon, STATUS_ICONS } from './rowIcons';
import { rowStatus } from './status';
import { unusual } from './unusual';
import { viewModel } from './viewModel';
import type { Repeats } from './arrange';
import type { ClientRow } from './groups';
import { Members } from './members';
import {
  ClientNode,
  EarlierCommandNode,
  EarlierNode,
  FinishedNode,
  MemberNode,
  RepeatNode,
  type Node,
  type ProcessNode,
} from './nodes';

/** How much is shown of the id that tells clients of one name apart. */
const SESSION_CHARACTERS = 6;
const NAME_CHARACTERS = 60;
/** The most folders that a client's tooltip names. */
const MAX_FOLDERS = 3;
const DESCRIPTION_CHARACTERS = 200;
/** Those of the program, which a narrow side bar would show instead of its name. */
const FOLDERS = /^\/\S*\/(?=[^\s/])/;
/** A tooltip is not the place to read a long script. */
const TOOLTIP_CHARACTERS = 2000;

/** How the environments stand in which processes run, for their rows. */
export interface Places {
  /** Whether it is not connected and does not try to be. */
  away(place: string): boolean;
  /** Whether nothing is heard of it now, also while it is being connected again. */
  silent(place: string): boolean;
  /** Its name, and how it stands if that is worth a word: `box`, `box · lost`. */
  status(place: string): string;
}

/** Whether a person who has its keyboard knows what it asks. */
type IsAttended = (process: ManagedProcess) => boolean;

/** What the editor is to draw. */
export function rowItem(node: Node, isAttended: IsAttended): ShownItem {
  if (node instanceof ClientNode) return GROUP_ITEMS[node.row.kind](node, needsBelow(node, isAttended));
  if (node instanceof FinishedNode) return finishedItem(node);
  if (node instanceof MemberNode) return memberItem(node);
  if (node instanceof EarlierNode) return earlierItem(node.commands.length);
  if (node instanceof EarlierCommandNode) return earlierRow(node.command);
  return node instanceof RepeatNode ? repeatItem(node) : processItem(node, isAttended(node.process));
}

const GROUP_ITEMS = { agent: clientItem, machine: machineItem, folder: folderItem, none: folderItem };

/** For a row that may be folded, with what needs a human below it; empty if nothing does. */
function needsBelow({ row }: ClientNode, isAttended: IsAttended): string {
  const count = row.processes.filter((one) => one.needsInput !== null && !isAttended(one)).length;
  return count ? needCount(count) : '';
}

function machineItem(node: ClientNode, description: string): ShownItem {
  const { id, place } = node;
  const label = place?.text ?? vscode.l10n.t('This machine');
  return treeItem({
    id,
    label,
    icon: place?.away ? 'debug-disconnect' : place ? 'vm' : 'device-desktop',
    faded: place?.silent,
    description,
    context: 'machine',
    spoken: [label, description].filter(Boolean).join(', '),
    folding: 'expanded',
  });
}

function folderItem(node: ClientNode, needs: string): ShownItem {
  const {
    id,
    row: { name },
    place,
  } = node;
  const label = shortLine(folderName(name), NAME_CHARACTERS) || '?';
  const description = [needs, place?.text].filter(Boolean).join(' · ');
  return treeItem({
    id,
    label,
    description,
    icon: 'folder',
    context: 'folder',
    tooltip: name,
    spoken: [label, description].filter(Boolean).join(', '),
    folding: 'expanded',
  });
}

function clientItem(node: ClientNode, needs: string): ShownItem {
  const { row, busy } = node;
  const label = clientName(row.name);
  const shortId = row.alike ? row.id.slice(0, SESSION_CHARACTERS) : '';
  const client = clientStatus(row, busy, shortId);
  const away = node.place?.away ?? false;
  const spoken = dialects(row);
  const parts = [node.place?.text, client].filter(Boolean);
  // Who needs somebody is connected; what tells it from another one is not to be cut off.
  const brief = needs && row.connected ? shortId : client;
  const status = [needs, node.place?.text, brief, unusual(spoken).join(', ')].filter(Boolean).join(' · ');
  const who = isPersons(row) ? 'account' : 'hubot';
  const here = row.connected === false ? 'debug-disconnect' : who;
  const elsewhere = away ? 'debug-disconnect' : 'vm';
  return treeItem({
    id: `client:${row.id}`,
    label,
    description: status,
    icon: node.place ? elsewhere : here,
    faded: node.place?.silent,
    context: clientContext(
      row.connected !== false,
      busy,
      away,
      busy && row.endsAt !== null,
      row.connected === true || isShownAgent(row.id),
    ),
    tooltip: [label, ...parts, spoken.join(', '), sinceText(row.since), ...foldersOf(row)]
      .filter(Boolean)
      .join(' · '),
    spoken: status ? `${label}, ${status}` : label,
    // Also without rows: what is collapsed then would stay so when they come.
    folding: 'expanded',
  });
}

/** Where its commands ran, each folder once. */
function foldersOf({ processes }: ClientRow<ManagedProcess>): string[] {
  const folders = [...new Set(processes.map(({ spec }) => spec.cwd))];
  return folders.slice(0, MAX_FOLDERS).map(folderName);
}

/** Those of its processes: a client may speak several. */
function dialects({ processes }: ClientRow<ManagedProcess>): string[] {
  return [...new Set(processes.flatMap(({ owner }) => owner.dialect ?? []))];
}

function finishedItem({ client, processes, filtered }: FinishedNode): ShownItem {
  const failed = processes.filter((process) =>
    ['failed', 'unstarted'].includes(rowStatus(viewModel(process))),
  ).length;
  const label = finishedText.title(processes.length);
  const description = failed ? finishedText.failed(failed) : '';
  return treeItem({
    id: `finished${filtered ? '-filtered' : ''}:${client.id}`,
    label,
    description,
    icon: 'history',
    context: 'finished',
    spoken: [label, description].filter(Boolean).join(', '),
    // What is looked for is not folded away.
    folding: filtered ? 'expanded' : 'collapsed',
  });
}

function repeatItem({ id, parent, processes }: RepeatNode): ShownItem {
  const row = commandRow(processes, parent.client);
  const times = `×${processes.length}`;
  return treeItem({
    ...row,
    id,
    description: `${times} · ${row.description}`,
    spoken: `${row.spoken}, ${times}`,
    folding: 'collapsed',
  });
}

function processItem(node: ProcessNode, isAttended: boolean): ShownItem {
  const row = { ...commandRow([node.process], node.client, isAttended), id: node.id };
  return treeItem(Members.of(node) ? { ...row, folding: 'collapsed' } : row);
}

function memberItem({ parent, member, cpu }: MemberNode): ShownItem {
  const label = shortLine(member.command.replace(FOLDERS, ''), NAME_CHARACTERS) || '?';
  const share = cpu === undefined ? '' : cpuText(cpu);
  const memory = member.usage ? formatBytes(member.usage.memoryBytes) : '';
  const description = [member.pid, share, memory].filter(Boolean).join(' · ');
  return treeItem({
    id: `member:${parent.id}:${member.pid}`,
    label,
    description,
    icon: 'circle-small-filled',
    context: memberContext(parent.process),
    tooltip: shortLine(member.command, TOOLTIP_CHARACTERS),
    spoken: `${label}, ${description}`,
  });
}

function memberContext({ environmentId, takesSignals }: ManagedProcess): string {
  if (environmentId === null) return 'member';
  return takesSignals ? 'member.far.signalled' : 'member.far';
}

/** How it stands, if the icon alone does not say it, then the command: a narrow side bar cuts off the rest. */
function commandRow(processes: Repeats<ManagedProcess>, client: ClientNode, isAttended = true): Row {
  const [process] = processes;
  const model = viewModel(process, isAttended);
  const [usualIcon, color] = rowIcon(model);
  const { sandboxWords } = process;
  const icon = sandboxWords && usualIcon === STATUS_ICONS.running[0] ? 'shield' : usualIcon;
  const may = sandboxWords?.short ?? '';
  const label = essence(processLabel(process.spec));
  return {
    label: [rowMark(model, ROW_WORDS), label].filter(Boolean).join(' · '),
    description: [
      ownerOf(processes, client),
      shortLine(rowTime(model, ROW_WORDS), DESCRIPTION_CHARACTERS),
      may,
    ]
      .filter(Boolean)
      .join(' · '),
    icon,
    color,
    faded: model.state === 'lost' || (model.state === 'running' && client.place?.silent),
    context: processContext(model, client.place?.away),
    spoken: spokenRow(process, label, [rowDescription(model, ROW_WORDS), may].filter(Boolean).join(', ')),
  };
}

/** Whose it is, where the row above does not say so. */
function ownerOf(processes: Repeats<ManagedProcess>, { row: { kind } }: ClientNode): string {
  if (kind === 'agent') return '';
  const names = new Set(processes.map(({ owner }) => clientName(owner.name)));
  return [...names].join(', ');
}

function spokenRow({ owner, environmentId }: ManagedProcess, label: string, description: string): string {
  const by = clientName(owner.name);
  return environmentId === null
    ? vscode.l10n.t({
        message: '{0}, {1}, started by {2}',
        args: [label, description, by],
        comment: ['{0} is a command, {1} how it stands, {2} who started it'],
      })
    : vscode.l10n.t({
        message: '{0}, {1}, in {2}, started by {3}',
        args: [label, description, environmentId, by],
        comment: ['{0} is a command, {1} how it stands, {2} the machine it runs on, {3} who started it'],
      });
}
