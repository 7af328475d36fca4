import * as vscode from 'vscode';
import type { EarlierCommand } from '../../record';
import { treeItem, type ShownItem } from '../show/row';
import { formatClock } from '../text/clock';
import { commandName } from '../text/commandName';
import { STATUS_ICONS } from '../tree/rowIcons';
import { clientName } from '../tree/clientName';
import { endMark } from './sentences';

/** The fold of what earlier windows ran. */
export function earlierItem(count: number): ShownItem {
  const label = vscode.l10n.t({
    message: 'Before This Window ({0})',
    args: [count],
    comment: ['{0} is a number of commands that ran before a reload'],
  });
  return treeItem({
    id: 'earlier',
    label,
    description: '',
    icon: 'history',
    context: 'earlier',
    spoken: label,
    folding: 'collapsed',
  });
}

/** One of them; its output is gone. */
export function earlierRow(command: EarlierCommand): ShownItem {
  const { end, window, row, startedAt, kept } = command;
  const crashed = kept ? vscode.l10n.t('ended with the kept server') : vscode.l10n.t('ended with the editor');
  const mark = end ? endMark(end) : crashed;
  const label = commandName(command);
  const description = [mark, clientName(command.agent), formatClock(startedAt)].join(' · ');
  const [icon, color] = STATUS_ICONS[statusOf(command)];
  return treeItem({
    id: `earlier:${window}:${row}`,
    label,
    description,
    icon,
    color,
    context: 'earlierCommand',
    spoken: `${label}, ${description}`,
    tooltip: [command.argv.join(' '), command.cwd].join('\n').slice(0, 2000),
  });
}

function statusOf({ end }: EarlierCommand): 'ok' | 'failed' | 'killed' | 'lost' {
  if (!end || end.state === 'lost') return 'lost';
  if (end.state === 'killed') return 'killed';
  return end.exitCode === 0 ? 'ok' : 'failed';
}
