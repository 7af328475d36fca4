import * as vscode from 'vscode';
import type { ManagedProcess } from '../../environment';
import type { Happening } from '../../record';
import { pickOne } from '../show/choices';
import { flash, showInformation } from '../show/notices';
import { askWhereToSave } from '../show/saveDialog';
import { formatMoment } from '../text/clock';
import { commandName } from '../text/commandName';
import { ClientNode } from '../tree/nodes';
import { workspaceFolder } from '../workspaceFolder';
import type { History, RowPlace } from './history';
import { HAPPENING_ICONS, sentenceOf } from './sentences';

/** A list has room for the latest. */
const MOST = 5000;

export interface WhatHappenedParts {
  readonly history: History;
  /** Shows the row's terminal. */
  readonly open: (process: ManagedProcess) => void;
}

/**
 * The time-line as a list, the latest first, which what is typed filters by agent, kind, command or file. What is
 * chosen is jumped to.
 *
 * @param fits what is listed
 */
export async function showWhatHappened(
  { history, open }: WhatHappenedParts,
  fits: (happening: Happening) => boolean = () => true,
): Promise<void> {
  const { l10n } = vscode;
  const happenings = await history.read();
  const names = new Map(
    happenings.flatMap((one) => (one.kind === 'ran' ? [[placeId(one), commandName(one)]] : [])),
  );
  const choices = happenings
    .filter(fits)
    .slice(-MOST)
    .reverse()
    .map((happening) => ({
      icon: HAPPENING_ICONS[happening.kind],
      // The time first: behind a long command it would be cut off.
      label: `${formatMoment(Date.parse(happening.at))} · ${sentenceOf(happening, (row) => names.get(placeId({ window: happening.window, row })) ?? row)}`,
      detail: detailOf(happening),
      value: happening,
    }));
  if (!choices.length) {
    void showInformation(l10n.t('Nothing has happened yet.'));
    return;
  }
  const title = l10n.t('What Happened');
  const placeHolder = l10n.t('Type to filter by agent, command, file or what was done');
  const chosen = await pickOne(choices, { title, placeHolder, matchOnDetail: true });
  if (chosen) await jump(chosen);

  async function jump(happening: Happening): Promise<void> {
    if ('path' in happening) {
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(happening.path));
      return;
    }
    if (!('row' in happening)) return;
    const process = history.rowOf(happening);
    if (process) open(process);
    else void showInformation(l10n.t('This command is no longer listed.'));
  }
}

/** What happened of a row: of an agent all, of commands what they did in this window. */
export function about(
  row: unknown,
  processes: readonly ManagedProcess[],
  history: Pick<History, 'placeOf'>,
): (happening: Happening) => boolean {
  if (row instanceof ClientNode && row.row.kind === 'agent')
    return (happening) => 'agent' in happening && happening.agent.id === row.id;
  const rows = new Set(processes.map((process) => placeId(history.placeOf(process))));
  return (happening) => 'row' in happening && rows.has(placeId(happening));
}

/** Writes all of it into a file, a line of JSON for each. Asks where if nobody says. */
export async function exportWhatHappened(history: History, to?: vscode.Uri): Promise<void> {
  const { l10n } = vscode;
  const proposed = vscode.Uri.joinPath(vscode.Uri.file(workspaceFolder()), 'what-happened.jsonl');
  const target = to ?? (await askWhereToSave(l10n.t('Export What Happened'), proposed));
  if (!target) return;
  const lines = (await history.read()).map((happening) => `${JSON.stringify(happening)}\n`);
  await vscode.workspace.fs.writeFile(target, Buffer.from(lines.join('')));
  flash(l10n.t('Exported'));
}

function detailOf(happening: Happening): string {
  if (happening.kind === 'refused') return happening.reason;
  if (happening.kind === 'ended') return happening.problem ?? '';
  if (happening.kind === 'turnedAway') return happening.peer;
  return 'cwd' in happening ? happening.cwd : '';
}

function placeId({ window, row }: RowPlace): string {
  return `${window} ${row}`;
}
