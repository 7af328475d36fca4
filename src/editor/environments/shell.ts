import * as vscode from 'vscode';
import { LOCAL_ENVIRONMENT_ID, type ManagedProcess } from '../../environment';
import type { Hub } from '../../hub';
import { person } from '../person';

/** What terminals of editors call themselves, and what programs know. */
const TERM = { TERM: 'xterm-256color', COLORTERM: 'truecolor' };

/** A shell for a person, in any environment; its row is in the tree like every other. */
export async function startShell(id: string, hub: Hub): Promise<ManagedProcess> {
  if (!vscode.workspace.isTrusted) {
    throw new Error(vscode.l10n.t('This workspace is not trusted, so no commands are run.'));
  }
  const place = await hub.place(id);
  // Here the editor knows better than the environment variables.
  const shell = (place.id === LOCAL_ENVIRONMENT_ID && vscode.env.shell) || place.shell;
  return place.start(
    { argv: [shell], tty: true, pipeStdin: false, env: TERM, isForPerson: true },
    person.shell(),
  );
}
