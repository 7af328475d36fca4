import * as vscode from 'vscode';
import { LOCAL_ENVIRONMENT_ID } from '../../environment';
import type { Environments } from '../../hub';
import { pickOne } from '../show/choices';
import { showInformation } from '../show/notices';
import { ClientNode, ProcessNode } from '../tree/nodes';
import { environmentDescription, STATE_ICONS } from './describe';
import { environmentViewModel } from './viewModel';
import { addressOf } from './address';
import { EnvironmentNode } from './environmentTree';
import { ENVIRONMENT_WORDS } from './words';

/** The environment that a command is about, from wherever it was called: row, palette, another extension. */
export async function environmentOf(
  environments: Environments,
  row: unknown,
  question: string,
  fits: (id: string) => boolean,
): Promise<string | undefined> {
  if (row instanceof EnvironmentNode) return row.id;
  if (row instanceof ProcessNode) return row.process.environmentId ?? LOCAL_ENVIRONMENT_ID;
  if (row instanceof ClientNode) return row.row.place ?? LOCAL_ENVIRONMENT_ID;
  const ids = [LOCAL_ENVIRONMENT_ID, ...environments.entries.good.map(({ id }) => id)];
  if (typeof row === 'string' && ids.includes(row)) return row;
  const offered = ids.filter(fits);
  if (!offered.length) {
    void showInformation(vscode.l10n.t('There is no such environment right now.'));
    return undefined;
  }
  return pickEnvironment(environments, question, offered);
}

/** Asks which one. */
export async function pickEnvironment(
  environments: Environments,
  question: string,
  ids: readonly string[],
): Promise<string | undefined> {
  const items = ids.map((id) => {
    const model = environmentViewModel(environments, id);
    const entry = environments.entry(id);
    return {
      icon: id === LOCAL_ENVIRONMENT_ID ? 'device-desktop' : STATE_ICONS[model.state][0],
      label: id === LOCAL_ENVIRONMENT_ID ? vscode.l10n.t('This machine') : id,
      description: environmentDescription(model, ENVIRONMENT_WORDS),
      ...(entry ? { detail: addressOf(entry) } : {}),
      value: id,
    };
  });
  return pickOne(items, { title: question });
}
