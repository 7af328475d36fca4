import * as vscode from 'vscode';
import { ClientNode, ProcessNode } from '../tree/rows';
import { environmentDescription, STATE_ICONS } from './describe';
import { LOCAL_ID } from './entries';
import { addressOf } from './address';
import type { Environments } from './environments';
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
  if (row instanceof ProcessNode) return row.process.place ?? LOCAL_ID;
  if (row instanceof ClientNode) return row.row.place ?? LOCAL_ID;
  const ids = [LOCAL_ID, ...environments.entries.good.map(({ id }) => id)];
  if (typeof row === 'string' && ids.includes(row)) return row;
  const offered = ids.filter(fits);
  if (!offered.length) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no such environment right now.'));
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
    const facts = environments.facts(id);
    const entry = environments.entry(id);
    const icon = id === LOCAL_ID ? 'device-desktop' : STATE_ICONS[facts.state][0];
    const name = id === LOCAL_ID ? vscode.l10n.t('This machine') : id;
    return {
      label: `$(${icon}) ${name}`,
      description: environmentDescription(facts, ENVIRONMENT_WORDS),
      ...(entry ? { detail: addressOf(entry) } : {}),
      id,
    };
  });
  return (await vscode.window.showQuickPick(items, { title: question }))?.id;
}
