import * as vscode from 'vscode';
import { lookAt, type ManagedProcess } from '../../environment';
import type { Hub } from '../../hub';
import type { Forwards } from '../forwards';
import { pickOne } from '../show/choices';
import { flash, showInformation } from '../show/notices';
import { person } from '../person';
import { runInTab } from '../show/tab';
import { copyableCommand, terminalName } from '../text/commandLabel';
import { plainTab } from '../text/plain';

/** Runs the same once more, in the same place; rejects as a start does. */
export function runAgain(hub: Hub, process: ManagedProcess): Promise<ManagedProcess> {
  return hub.again(process, person.again());
}

/** Runs the same in a terminal of the editor's own, where it is the person's and ends with the terminal. */
export function runInTerminal({ spec }: ManagedProcess): void {
  const name = plainTab(terminalName(spec, null));
  runInTab(name, spec.cwd, copyableCommand(spec.argv, spec.arg0));
}

/** Shows its folder where folders are shown: in the explorer if it is there, else in a window of its own. */
export async function openFolder({ spec }: ManagedProcess): Promise<void> {
  const uri = vscode.Uri.file(spec.cwd);
  const isHere = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  await (isHere
    ? vscode.commands.executeCommand('revealInExplorer', uri)
    : vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true }));
}

/** Copies the number of each that is known. */
export async function copyPids(pids: readonly (number | null)[]): Promise<void> {
  const known = pids.filter((pid) => pid !== null);
  if (!known.length) return;
  await vscode.env.clipboard.writeText(known.join('\n'));
  flash(vscode.l10n.t('Process ID copied'));
}

/** Opens what it listens on, by a port of this machine if that is another one's; asks which of several. */
export async function openInBrowser(process: ManagedProcess, forwards: Forwards): Promise<void> {
  const { ports } = await lookAt(process, { ports: true });
  const { l10n } = vscode;
  if (!ports.length) {
    void showInformation(l10n.t('This command listens on no port.'));
    return;
  }
  const choices = ports.map(({ port, isOpenToOthers }) => ({
    label: `http://localhost:${port}`,
    description: isOpenToOthers ? l10n.t('open to other machines') : '',
    value: port,
  }));
  const port =
    ports.length === 1 ? ports[0]?.port : await pickOne(choices, { title: l10n.t('Open in Browser') });
  if (port === undefined) return;
  const own = process.environmentId === null ? port : await forwards.to(process, port);
  const here = vscode.Uri.parse(`http://localhost:${own}`);
  await vscode.env.openExternal(await vscode.env.asExternalUri(here));
}
